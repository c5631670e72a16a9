"""ETag and If-Match: a program changes a row only in the version that it has seen."""

from rest_framework.request import Request

from workspaces.problems import BadBody


def etag(revision: int | str) -> str:
    """Give the ETag of a row's revision, or of what is told apart by a text."""
    return f'"{revision}"'


def require_match(request: Request, revision: int | str) -> None:
    """Refuse with 412 where If-Match names another version; without the header let it pass."""
    sent = request.headers.get("If-Match")
    if sent is None or sent.strip() == "*":
        return
    if etag(revision) not in {each.strip() for each in sent.split(",")}:
        message = f"The row is at version {etag(revision)} now; read it again before you change it."
        raise BadBody("version_conflict", message, status=412)
