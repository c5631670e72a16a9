"""Every form: its token, its status, its summary, and the conflict of two who save at once."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms
from django.utils import translation

from tests.builders import make_workspace
from tests.conftest import as_owner
from workspaces.forms import Form, IntegerField, MicrosField, ModelForm
from workspaces.forms.changes import changes_of
from workspaces.models import Workspace


class Settings(ModelForm):
    class Meta:
        model = Workspace
        fields = ("name", "click_days")


class Price(Form):
    amount = MicrosField()
    pieces = IntegerField(required=False)


def edit(row: Workspace, **typed: Any) -> Settings:
    return Settings({"name": row.name, "click_days": row.click_days, "revision": row.revision, **typed}, instance=row)


def test_a_fresh_form_has_a_token_that_stays_while_it_is_shown() -> None:
    form = Price()
    assert form["form_token"].value() == form["form_token"].value()
    assert form.status == 200
    assert Price()["form_token"].value() != form["form_token"].value()


def test_a_form_at_fault_keeps_its_input_and_leads_to_the_first_fault() -> None:
    form = Price({"amount": "1.2.3", "pieces": "many"})
    assert not form.is_valid()
    assert form.status == 422
    assert form["amount"].value() == "1.2.3"
    assert [fault.target for fault in form.summary] == ["id_amount", "id_pieces"]
    assert "autofocus" in str(form["amount"])
    assert "autofocus" not in str(form["pieces"])


def test_a_form_whose_rows_are_at_fault_leaves_their_summary_to_them() -> None:
    form = Price({"amount": "1"})
    assert form.is_valid()
    form.refuse_rows()
    assert form.status == 422
    assert form.summary == []


def test_amounts_are_kept_in_millionths_and_shown_as_amounts() -> None:
    form = Price({"amount": "1 234,50", "pieces": "12 000"})
    assert form.is_valid()
    assert (form.cleaned_data["amount"], form.cleaned_data["pieces"]) == (1_234_500_000, 12_000)
    assert 'value="1234.5"' in str(Price(initial={"amount": 1_234_500_000})["amount"])


@pytest.mark.parametrize("typed", ["-1", "1,234567", "9" * 30, "1e400", "NaN", "\x00"])
def test_amounts_that_cannot_be_kept_are_refused(typed: str) -> None:
    assert "amount" in Price({"amount": typed}).errors


def test_a_reader_of_norwegian_types_a_decimal_comma() -> None:
    with translation.override("nb"):
        form = Price({"amount": "1,23"})
        assert form.is_valid()
    assert form.cleaned_data["amount"] == int(Decimal("1.23") * 1_000_000)


def test_numbers_of_a_model_are_read_the_same_way(shop: Workspace) -> None:
    form = edit(shop, click_days="6 0")
    assert not form.is_valid()
    assert edit(shop, click_days=" 60 ").is_valid()
    assert isinstance(form.fields["click_days"], django_forms.IntegerField)


def test_saving_over_a_newer_version_is_refused_with_both_versions(shop: Workspace) -> None:
    opened = Workspace.objects.get(pk=shop.pk)
    Workspace.objects.filter(pk=shop.pk).update(name="Fjellsport AS", revision=2)
    form = edit(opened, name="Fjellsport Norge")
    assert not form.is_valid()
    assert form.status == 409
    assert [(clash.label, clash.theirs, clash.yours) for clash in form.clashes] == [
        ("Name", "Fjellsport AS", "Fjellsport Norge")
    ]
    assert form["name"].value() == "Fjellsport Norge"
    assert Workspace.objects.get(pk=shop.pk).name == "Fjellsport AS"


def test_sending_the_shown_conflict_again_replaces_knowingly(shop: Workspace) -> None:
    opened = Workspace.objects.get(pk=shop.pk)
    Workspace.objects.filter(pk=shop.pk).update(name="Fjellsport AS", revision=2)
    refused = edit(opened, name="Fjellsport Norge")
    refused.is_valid()
    again = edit(Workspace.objects.get(pk=shop.pk), name="Fjellsport Norge", revision=refused["revision"].value())
    assert again.is_valid()
    assert again.instance.revision == 2


def test_two_who_wrote_the_same_do_not_clash(shop: Workspace) -> None:
    opened = Workspace.objects.get(pk=shop.pk)
    Workspace.objects.filter(pk=shop.pk).update(name="Fjellsport AS", revision=2)
    form = edit(opened, name="Fjellsport AS")
    assert form.is_valid()
    assert form.instance.revision == 2


def test_a_row_deleted_meanwhile_is_told_of(db: None) -> None:
    row = make_workspace("Gone", slug="gone")
    opened = Workspace.objects.get(pk=row.pk)
    with as_owner():
        row.delete()
    form = edit(opened, name="Still here?")
    assert not form.is_valid()
    assert "deleted meanwhile" in str(form.non_field_errors())


def test_an_edit_without_its_revision_is_refused(shop: Workspace) -> None:
    assert not edit(shop, revision="").is_valid()


def test_changes_tell_only_what_differs(shop: Workspace) -> None:
    form = edit(shop, name="Fjellsport AS")
    assert form.is_valid()
    assert changes_of(form) == ({"name": "Fjellsport"}, {"name": "Fjellsport AS"})
