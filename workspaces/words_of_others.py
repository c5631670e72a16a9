"""Texts of allauth and Django that are worded otherwise here: named, so that `make messages` finds them.

Both bring catalogues of their own; ours go before. Here stands only what theirs say in other words than the rest of
the interface, or not well.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

REWORDED: Final = (
    _("Are you sure you want to sign out?"),
    _("Change Password"),
    _("Confirm"),
    _("Confirm Email Address"),
    _("Email"),
    _("Email address"),
    _("Email Changed"),
    _("Email Confirmation"),
    _("Enter a valid email address."),
    _("Forgot your password?"),
    _("Password Reset"),
    _("Password Reset Email"),
    _("Please Confirm Your Email Address"),
    _('Please confirm that <a href="mailto:%(email)s">%(email)s</a> is an email address for user %(user_display)s.'),
    _(
        "This email confirmation link expired or is invalid. Please "
        '<a href="%(email_url)s">issue a new email confirmation request</a>.'
    ),
    _("Two-Factor Authentication"),
    _("Verify Your Email Address"),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Your email has been confirmed."),
)
