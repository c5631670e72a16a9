"""A whole plan with something in every list, as a lead of a web shop would write it."""

from goals.conditions import from_text
from goals.definition import Definition
from goals.document import Document
from goals.models import Counting, ValueRule
from goals.rows import (
    GoalRow,
    KpiRow,
    ObjectiveRow,
    ParameterRow,
    PlanRow,
    QuestionRow,
    ReportingRow,
    SegmentRow,
    SpecRow,
    TargetRow,
)

LEAD = "lead@example.com"
SAMPLE = Document(
    plan=PlanRow(
        "Winter at Fjellsport", "2026-10-01", "2026-12-31", about="The web shop fjellsport.example",
        owner=LEAD, next_review_on="2027-01-15", naming_rule="Events in snake_case, object before verb",
        approval_rule="Marketing lead and head of sales sign each quarter",
    ),
    objectives=(
        ObjectiveRow("sell", "Sell more at full price", "Margins fell last winter", "Sales", LEAD, "until 2027"),
        ObjectiveRow("keep", "Øk andelen som kommer tilbake", "", "Customer service"),
    ),
    questions=(
        QuestionRow("sell", "spend", "Which campaigns pay for themselves?", "Head of sales", "Next quarter's budget"),
    ),
    segments=(SegmentRow("returning", "Returning customers", "Bought in the last 12 months", "Whom to mail"),),
    goals=(
        GoalRow(
            "order", "Order", "macro", "sell", rationale="What the shop lives on.", department="Sales", owner=LEAD,
            moment="The confirmation of a payment", stage="do",
            definition=Definition(from_text("event purchase"), value_rule=ValueRule.EVENT, click_days=60),
        ),
        GoalRow("membership", "Bli medlem", "macro", "keep", department="Customer service"),
        GoalRow(
            "newsletter", "Newsletter sign-up", "micro", "sell", "secondary", ("order",), "think",
            "Subscribers order three times as often.", department="Marketing",
            definition=Definition(from_text("event newsletter_signup"), counting=Counting.SESSION),
        ),
        GoalRow(
            "size-guide", "Size guide read", "micro", "sell", "milestone", ("order",),
            definition=Definition(
                from_text('page /size-guide*; or event size_guide_used where property step >= 2'),
                counting=Counting.PERSON_WINDOW, counting_days=7,
            ),
        ),
    ),
    kpis=(
        KpiRow("order-rate", "order", "Conversion rate", "rate", "visitors", weight="primary", timing="lagging"),
        KpiRow("revenue", "order", "Revenue", "value", department="Sales", owner=LEAD),
    ),
    targets=(
        TargetRow(
            "order-rate", "q4", "3.4%", "2026-10-01", "2026-12-31", baseline="2.9%", green_share="0.95",
            amber_share="0.8", segment="returning",
        ),
        TargetRow("revenue", "year", "3400000", "2026-01-01", "2026-12-31"),
    ),
    specs=(
        SpecRow(
            "newsletter", "newsletter_signup", "Sent once the form was accepted", owner=LEAD, state="ready",
            ticket="https://tickets.example.com/SHOP-12",
        ),
    ),
    parameters=(
        ParameterRow("newsletter", "placement", "text", True, ("footer", "pop-up"), about="Where the form stood"),
    ),
    reportings=(ReportingRow("board", "The board", "Summary of one page", "monthly", "pdf", "board@example.com"),),
)  # fmt: skip
