"""Forms: what every page's form does the same way. Import from here.

A form inherits `Form` or `ModelForm` of this package instead of Django's:

    from workspaces.forms import Form, MicrosField, ModelForm, sent, submit

    class GoalForm(ModelForm):
        value_micros = MicrosField(label=_("Value"), required=False)   # typed "1 234,50", cleaned to 1234500000

        class Meta:
            model = Goal
            fields = ("name", "level", "view_days")                    # never "revision"

and its view is three thoughts:

    @allow(Action.EDIT_PLAN)
    @require_http_methods(["GET", "POST"])
    def goal_edit(request: MemberRequest, goal: str) -> HttpResponse:
        found = get_object_or_404(request.workspace.goals, slug=goal)
        form = GoalForm(sent(request), instance=found)
        done = submit(request, form, lambda: defining.change(found, form, by=request.member, now=timezone.now()))
        return done or page(request, "goals/goal_form.html", part="form", context={"form": form}, status=form.status)

What that gives:
- `submit` runs the act once per rendered form (hidden `form_token`): sent twice, the second leads to the first's row.
  The act returns a row with `get_absolute_url`, or an address. htmx is led by HX-Redirect, browsers by 302.
- A `Refusal` raised by the act (workspaces.refusal) is undone whole and shown on the form, beside its `field`.
- `form.status`: 200 fresh, 422 with faults, 409 in conflict. `form.summary`: faults with the id of their field, for the
  list at the top; the first field at fault has `autofocus`.
- A model with `revision` is guarded by a hidden field. If somebody saved meanwhile: 409, nothing overwritten,
  `form.clashes` lists label, theirs and yours; sending again replaces theirs knowingly. The act itself counts up:
  `row.revision += 1` beside the changed fields. The row is locked from the check to the request's end.
- Numbers are read as "1 234,5", "1,234.5" or "1234.5" in every IntegerField and DecimalField made from a model;
  declare further ones with `IntegerField`, `DecimalField`, `MicrosField` of this package.
- `changes_of(form)` gives (before, after) of the changed fields as JSON values, for `AuditEntry.record`.

Render the form with the look's components; render `form.hidden_fields` inside every form element.
"""

from workspaces.forms.base import Clash, Fault, Form, ModelForm
from workspaces.forms.changes import changes_of
from workspaces.forms.fields import DecimalField, IntegerField, MicrosField, NumberInput
from workspaces.forms.submitting import lead, sent, submit

__all__ = [
    "Clash",
    "DecimalField",
    "Fault",
    "Form",
    "IntegerField",
    "MicrosField",
    "ModelForm",
    "NumberInput",
    "changes_of",
    "lead",
    "sent",
    "submit",
]
