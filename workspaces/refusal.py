"""Refusal: a rule of the product said no; its text tells the person which rule and what to do."""


class Refusal(Exception):
    """Base of every refusal by a rule; a subclass is named for what it refuses: `NotOpen`, `LastOwner`.

    code    what programs read, in the API's errors: snake_case of the class's name unless given
    field   the form field or JSON member that it is about, None where it is about the whole
    status  the HTTP status of the API's answer
    """

    code = "refused"
    field: str | None = None
    status = 409
