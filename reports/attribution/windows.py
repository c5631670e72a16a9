"""The windows on screen become the workspace's default."""

from workspaces.forms import ModelForm
from workspaces.models import Workspace


class WindowsForm(ModelForm):
    class Meta:
        model = Workspace
        fields = ("view_days", "engagement_days", "click_days")
