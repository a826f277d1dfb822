"""Every page of the program with something to show: the table that the walk, the pictures and the matrix of roles share."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from majlis.accounts.actions import issue_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue
from majlis.network.models import City, Statement, WorkbookImport
from majlis.outbox.models import Batch, Mail
from majlis.projects.models import ChangeProject
from majlis.room.models import Room
from majlis.solutions.models import Solution
from majlis.steps.cluster.models import Cluster, ProposalRequest
from majlis.steps.define.models import Topic


@dataclass(frozen=True)
class Shown:
    """One page: the name of its address, the address, and who looks at it."""

    name: str
    path: str
    account: Account | None


# Addresses that show no page of ours: acts (POST), files, the sockets' neighbours, and what allauth keeps for itself.
NO_PAGE = {
    "accounts:demo-login", "cluster:adopt", "cluster:complete", "cluster:hold", "cluster:move", "cluster:pair", "cluster:propose", "cluster:release",
    "cluster:remind", "cluster:rename", "cluster:trial", "cluster:tried", "cluster:undo", "cluster:unpair",
    "dialogue:block", "define:add", "define:ask", "define:baseline", "define:complete", "define:merge", "define:move", "define:order", "define:proposal", "define:propose",
    "define:remind", "define:remove", "define:rename", "define:reply", "define:restore", "define:split", "define:ties",
    "enable:close", "enable:complete", "enable:next", "enable:start", "enable:attendance", "enable:cancel",
    "enable:drop-pair", "enable:lock", "enable:pair", "enable:publish", "enable:undo",
    "evaluate:ask_survey", "evaluate:complete", "evaluate:make_commitment", "evaluate:open_space", "evaluate:open_survey",
    "evaluate:share", "evaluate:update_commitment",
    "invite:ask", "invite:invite_delegations", "invite:decide", "invite:fill", "invite:give_place", "invite:tell_places", "invite:complete", "invite:draft", "invite:remind", "invite:remind_agreement", "invite:role", "invite:send",
    "invite:sessions_ics", "invite:feed", "invite:public_feed", "invite:publish_calendar", "invite:session_file", "invite:session_file_by_link", "invite:update",
    "network:ask-intake", "network:bring-in", "network:discard", "network:export", "network:import-problems", "network:listed", "network:statement-remove",
    "outbox:again", "outbox:approve", "outbox:cancel", "outbox:look", "outbox:mail_html", "outbox:pause", "outbox:reset", "outbox:settle",
    "outbox:settle_bounce", "outbox:test", "outbox:test_all", "outbox:unapprove",
    "projects:add_action", "projects:add_resource", "projects:ask", "projects:drop_action", "projects:drop_resource",
    "projects:gaps_csv", "projects:gaps_xlsx", "projects:stage", "projects:support",
    "report:complete", "report:download", "report:write_entries", "report:write_summary",
    "room:act", "room:command", "room:events", "room:release", "room:ticket", "room:write",
    "search:similar",
    "solutions:export", "solutions:withdraw", "set_language",
}  # fmt: skip


def page_names() -> set[str]:
    """Names of all addresses in the URL table, with their folder."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each, f"{each.namespace}:" if each.namespace else prefix)
            elif isinstance(each, URLPattern) and each.name:
                yield prefix + each.name

    return set(walk(get_resolver(), ""))


def shown_pages(dialogue: Dialogue) -> list[Shown]:
    """Every page over a played demo, as somebody sees it for whom it is made."""
    secretariat = Account.objects.get(role="secretariat")
    observer = Account.objects.get(role="observer")
    room = Room.objects.filter(case__isnull=False).first()
    assert room is not None
    member = room.members.select_related("person__account").filter(person__city__isnull=False).first()
    focal = Account.objects.filter(person__is_focal_point=True).first()
    assert member is not None and focal is not None and focal.person.city is not None
    slug, city = dialogue.slug, City.objects.get(slug="tn-gabes")
    partner = dialogue.partners.get(city=focal.person.city)
    proposal = dialogue.cluster_proposals.get(adopted_at__isnull=False)

    # The demo proposes without its worker; a request that came to nothing shows the page that others pass through.
    asked = ProposalRequest.objects.create(dialogue=dialogue, asked_by=secretariat, task={}, state="failed")

    def link(act: str) -> str:
        found = ActionLink.objects.filter(act=act).first()
        assert found is not None, act
        return found.token

    table: list[tuple[Account | None, str, tuple[object, ...]]] = [
        (None, "home:start", ()), (secretariat, "home:start", ()), (secretariat, "home:my", ()), (focal, "home:my", ()),
        (secretariat, "search:page", ()), (None, "accounts:sign_in", ()), (None, "accounts:request_code", ()),
        (secretariat, "account_logout", ()), (secretariat, "mfa_index", ()), (secretariat, "mfa_list_webauthn", ()), (secretariat, "accounts:me", ()), (None, "web:styleguide", ()),
        (secretariat, "home:dialogue", (slug,)), (observer, "home:dialogue", (slug,)), (focal, "home:dialogue", (slug,)),
        (secretariat, "dialogue:list", ()), (secretariat, "dialogue:new", ()), (secretariat, "dialogue:journal", (slug,)),
        (secretariat, "dialogue:partners", (slug,)), (secretariat, "dialogue:participants", (slug,)),
        (secretariat, "dialogue:sessions", (slug,)), (secretariat, "dialogue:fair_times", (slug,)), (secretariat, "dialogue:reopen", (slug, "report")),
        (secretariat, "cluster:page", (slug,)), (observer, "cluster:page", (slug,)), (secretariat, "cluster:compare", (slug,)),
        (secretariat, "cluster:request", (slug, asked.pk)),
        (secretariat, "define:page", (slug,)), (None, "define:answer", (slug, link("define.consent"))),
        (secretariat, "define:partner", (slug, dialogue.partners.all()[0].pk)), (secretariat, "define:shape", (slug,)),
        (secretariat, "define:topic", (slug, Topic.objects.all()[0].pk)), (secretariat, "define:statements", (slug,)),
        (secretariat, "define:answers", (slug,)), (observer, "define:answers", (slug,)), (secretariat, "define:versions", (slug,)),
        (secretariat, "invite:page", (slug,)), (secretariat, "invite:note", (slug,)), (secretariat, "invite:concept_note", (slug,)),
        (focal, "invite:concept_note", (slug,)), (secretariat, "invite:compare", (slug,)), (focal, "invite:roles", (slug,)),
        (focal, "invite:delegation_mine", (slug,)), (secretariat, "invite:delegation_of", (slug, partner.pk)),
        (None, "invite:delegation", (slug, issue_link(account=focal, act="invite.delegate", subject=partner).token)),
        (None, "invite:agree", (slug, link("invite.agree"))), (None, "invite:answer", (slug, link("invite.answer"))),
        (None, "invite:details", (slug, link("invite.answer"))), (focal, "invite:details_mine", (slug,)),
        (secretariat, "invite:registration", (slug,)), (secretariat, "invite:places", (slug,)), (focal, "invite:people", (slug,)),
        (secretariat, "invite:people", (slug,)), (secretariat, "invite:person", (slug, dialogue.participants.filter(partner__isnull=False)[0].pk)),
        (focal, "invite:answer_mine", (slug,)), (focal, "invite:calendar", (slug,)), (secretariat, "invite:calendar", (slug,)),
        (None, "invite:calendar_by_link", (slug, link("invite.answer"))), (secretariat, "invite:calendar_answers", (slug,)),
        (secretariat, "enable:page", (slug,)), (member.person.account, "enable:page", (slug,)), (focal, "enable:case", (slug,)),
        (secretariat, "enable:groups", (slug,)), (secretariat, "enable:show", (slug,)),
        (secretariat, "enable:session", (slug, "S2")), (member.person.account, "enable:session", (slug, "S2")),
        (secretariat, "enable:blocks", (slug, "S2")), (secretariat, "enable:replan", (slug, "S2")),
        (secretariat, "enable:planning", (slug, dialogue.plannings.all()[0].pk)),
        (secretariat, "evaluate:page", (slug,)), (None, "evaluate:answer", (slug, link("evaluate.answer"))),
        (None, "evaluate:results", (slug, link("evaluate.read_results"))), (secretariat, "evaluate:deliveries", (slug,)),
        (secretariat, "report:page", (slug,)), (observer, "report:page", (slug,)),
        (observer, "report:records", (slug, "municipalities")), (secretariat, "report:records", (slug, "participants")),
        (secretariat, "report:entry_records", (slug, "session:S2", "present")),
        (secretariat, "network:cities", ()), (None, "network:cities", ()), (secretariat, "network:people", ()),
        (secretariat, "network:themes", ()), (secretariat, "network:import", ()), (secretariat, "network:import-preview", (WorkbookImport.objects.latest("pk").pk,)),
        (secretariat, "network:city-new", ()), (secretariat, "network:city", (city.slug,)),
        (secretariat, "network:city-correct", (city.slug,)), (secretariat, "network:statement-add", (city.slug, "need")),
        (secretariat, "network:statement-edit", (Statement.objects.all()[0].pk,)),
        (secretariat, "solutions:list", ()), (secretariat, "solutions:new", ()), (secretariat, "solutions:write", (city.slug,)),
        (secretariat, "solutions:entry", (Solution.objects.all()[0].code,)),
        (secretariat, "solutions:edit", (Solution.objects.all()[0].code,)),
        (secretariat, "projects:page", ()), (secretariat, "projects:new", ()), (secretariat, "projects:gaps", ()),
        (secretariat, "projects:project", (ChangeProject.objects.all()[0].code,)),
        (secretariat, "projects:edit", (ChangeProject.objects.all()[0].code,)),
        (secretariat, "outbox:batches", ()), (secretariat, "outbox:batch", (Batch.objects.all()[0].pk,)),
        (secretariat, "outbox:send", (Batch.objects.all()[0].pk,)), (secretariat, "outbox:mail", (Mail.objects.all()[0].pk,)),
        (secretariat, "outbox:texts", (dialogue.scope,)), (secretariat, "outbox:text", (dialogue.scope, "ar", "define/mail/consent")),
        (secretariat, "outbox:bounces", ()),
        (None, "outbox:stop", (issue_link(account=focal, act="outbox.stop", subject=focal).token,)),
        (member.person.account, "room:page", (room.pk,)),
    ]  # fmt: skip
    assert Cluster.objects.filter(proposal=proposal).exists() and Topic.objects.exists()
    return [Shown(name, reverse(name, args=arguments), account) for account, name, arguments in table]
