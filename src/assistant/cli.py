"""The command line: `assistant`. The same as the API, without a server."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer
from pydantic import ValidationError

from assistant import phrases
from assistant.access import Role
from assistant.errors import AssistantError, CannotListen, KeysFileUnset
from assistant.settings import Settings, explained
from assistant.types import Answer, Coverage, Filters, Hit, Language, Recognised

if TYPE_CHECKING:
    from assistant.access.keys import Keys
    from assistant.answer import Assistant
    from assistant.index import Index

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

conversations = typer.Typer(add_completion=False)
app.add_typer(conversations, name="conversations")

keys = typer.Typer(add_completion=False)
app.add_typer(keys, name="keys")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Text = Annotated[str, typer.Argument(help="The question.")]


Kind = Annotated[list[str], typer.Option(help="Only documents of this kind. May be given again.")]
Publisher = Annotated[list[str], typer.Option(help="Only documents of this publisher. May be given again.")]
DocumentLanguage = Annotated[list[str], typer.Option("--language", help="Only documents in this language, such as nb.")]
From = Annotated[str | None, typer.Option("--from", help="Only documents from this year, month or day on.")]
To = Annotated[str | None, typer.Option("--to", help="Only documents up to and with this year, month or day.")]
OnlyDocument = Annotated[list[str], typer.Option("--document", help="Only this document: its id or its path.")]
Recognise = Annotated[bool, typer.Option(help="Let the question itself say which documents to look in.")]


class _Words(TypedDict):
    limited: str
    superseded: str
    serving: str
    stopped: str
    interrupted: str
    open: str
    key: str
    revoked: str
    every: str
    ok: str
    note: str
    wrong: str


_WORDS: dict[Language, _Words] = {
    "nb": {
        "limited": "Avgrenset av spørsmålet til {labels} ({searched} av {total} dokumenter).",
        "superseded": "erstattet",
        "serving": "Klar: {url} (Ctrl-C avslutter)",
        "stopped": "Innlesingen ble ikke ferdig.",
        "interrupted": "Stanset. Gå videre med: assistant overview --resume {id}",
        "open": "Obs: alle som når {host}, kan spørre og lese dokumentene uten nøkkel.",
        "key": "Nøkkelen {id} ({name}). Den vises bare denne ene gangen:",
        "revoked": "Nøkkelen {id} ({name}) gjelder ikke lenger.",
        "every": "alle grupper",
        "ok": "ok",
        "note": "obs",
        "wrong": "feil",
    },
    "nn": {
        "limited": "Avgrensa av spørsmålet til {labels} ({searched} av {total} dokument).",
        "superseded": "erstatta",
        "serving": "Klar: {url} (Ctrl-C avsluttar)",
        "stopped": "Innlesinga vart ikkje ferdig.",
        "interrupted": "Stansa. Gå vidare med: assistant overview --resume {id}",
        "open": "Obs: alle som når {host}, kan spørje og lese dokumenta utan nøkkel.",
        "key": "Nøkkelen {id} ({name}). Han blir vist berre denne eine gongen:",
        "revoked": "Nøkkelen {id} ({name}) gjeld ikkje lenger.",
        "every": "alle grupper",
        "ok": "ok",
        "note": "obs",
        "wrong": "feil",
    },
    "en": {
        "limited": "Limited by the question to {labels} ({searched} of {total} documents).",
        "superseded": "superseded",
        "serving": "Ready: {url} (Ctrl-C ends)",
        "stopped": "The ingestion did not finish.",
        "interrupted": "Stopped. Go on with: assistant overview --resume {id}",
        "open": "Note: everybody who can reach {host} can ask and read the documents without a key.",
        "key": "The key {id} ({name}). It is shown this once only:",
        "revoked": "The key {id} ({name}) holds no longer.",
        "every": "all groups",
        "ok": "ok",
        "note": "note",
        "wrong": "wrong",
    },
}


def main() -> None:
    """The entry point."""
    app()


@app.command()
def up() -> None:
    """Ingest what is new, then serve the API and the page."""
    with _settings() as settings:
        code = _job()
        if code > 2:
            typer.echo(_WORDS[settings.language]["stopped"], err=True)
            raise typer.Exit(2)
        if code == 2:
            from assistant.index import Folders

            if Folders(settings.data_dir).current_name() is None:
                raise typer.Exit(2)
        _serve(settings)


@app.command()
def serve() -> None:
    """Serve the API and the page."""
    with _settings() as settings:
        _serve(settings)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def ingest(context: typer.Context) -> None:
    """Read the documents into the index: the same as `python -m ingest`."""
    raise typer.Exit(_job(*context.args))


@app.command("export")
def export_index(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the index in use to one file, for another machine to serve."""
    raise typer.Exit(_job("--export", str(file)))


@app.command("import")
def import_index(file: Annotated[Path, typer.Argument(help="A file that `assistant export` wrote.")]) -> None:
    """Put an exported index to use."""
    raise typer.Exit(_job("--import", str(file)))


def _job(*arguments: str) -> int:
    """The exit code of `python -m ingest`, as a shell tells it. It is a process of its own: what embeds passages takes
    half a gigabyte that serving does without.

    When it is to stop, it is waited for, since it stops cleanly. Ctrl-C it hears itself, as the terminal tells all that
    run in it; SIGTERM it is told of here. Then typer.Exit is raised with its code."""
    told: list[int] = []
    started: list[subprocess.Popen[bytes]] = []

    def hear(number: int, frame: FrameType | None) -> None:
        told.append(number)
        if number == signal.SIGTERM:
            for process in started:
                process.terminate()

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        started.append(subprocess.Popen([sys.executable, "-m", "ingest", *arguments]))
        if signal.SIGTERM in told:  # before there was anybody to tell
            started[0].terminate()
        code = started[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    code = code if code >= 0 else 128 - code
    if told:
        raise typer.Exit(code)
    return code


@app.command()
def ask(
    question: Text,
    kind: Kind = [],  # noqa: B006
    publisher: Publisher = [],  # noqa: B006
    language: DocumentLanguage = [],  # noqa: B006
    date_from: From = None,
    date_to: To = None,
    document: OnlyDocument = [],  # noqa: B006
    recognise: Recognise = True,
    conversation: Annotated[
        str | None, typer.Option(help="Go on with the conversation of this id, or begin it.", metavar="ID")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with citations."""
    with _settings() as settings:
        from assistant.answer import Question
        from assistant.open import open_assistant

        assistant = open_assistant(settings)
        with closing(assistant.index):
            filters = _filters(assistant.index, kind, publisher, language, date_from, date_to, document)
            ignore = () if recognise else None
            answer = assistant.answer(Question(question, filters, conversation_id=conversation, ignore=ignore))
            if as_json:
                _print_json(asdict(answer))
            else:
                typer.echo(_written(answer))
                _suggest(assistant, answer)
        if answer.notice:
            typer.echo(answer.notice, err=True)


@app.command()
def search(
    question: Text,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    kind: Kind = [],  # noqa: B006
    publisher: Publisher = [],  # noqa: B006
    language: DocumentLanguage = [],  # noqa: B006
    date_from: From = None,
    date_to: To = None,
    document: OnlyDocument = [],  # noqa: B006
    recognise: Recognise = True,
    as_json: AsJson = False,
) -> None:
    """The passages nearest a question, best first."""
    with _settings() as settings:
        from assistant.api.ask import SearchResult
        from assistant.open import open_assistant

        assistant = open_assistant(settings)
        with closing(assistant.index):
            filters = _filters(assistant.index, kind, publisher, language, date_from, date_to, document)
            found = assistant.search(question, limit, filters, () if recognise else None)
        if as_json:
            _print_json(SearchResult.of(found).model_dump())
        else:
            for line in _limited(settings.language, found.recognised, found.coverage):
                typer.echo(line, err=True)
            for hit in found.hits:
                typer.echo(_listed(hit, settings.language))


@app.command()
def overview(
    question: Annotated[str, typer.Argument(help="The question; none with --resume.")] = "",
    resume: Annotated[str, typer.Option(help="The id of an overview to go on with, or to show again.")] = "",
    document: Annotated[list[str], typer.Option(help="Ids of the only documents to read.")] = [],  # noqa: B006
    kind: Annotated[list[str], typer.Option(help="Kinds, such as 'reisenotat'.")] = [],  # noqa: B006
    publisher: Annotated[list[str], typer.Option()] = [],  # noqa: B006
    document_language: Annotated[list[str], typer.Option(help="Such as nb, nn, en.")] = [],  # noqa: B006
    date_from: Annotated[str | None, typer.Option(help="A year, a month or a day.")] = None,
    date_to: Annotated[str | None, typer.Option(help="A year, a month or a day.")] = None,
    most_findings: Annotated[int, typer.Option(min=1, max=100, help="Findings of a document that are listed.")] = 5,
    csv: Annotated[Path | None, typer.Option(help="Write the table here, as CSV.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the table here, for a spreadsheet.")] = None,
    as_json: AsJson = False,
) -> None:
    """What every document says about a question, as a table with its coverage."""
    if bool(question) == bool(resume):
        raise typer.BadParameter("give a question, or an id with --resume")
    with _settings() as settings:
        from assistant.answer import Question
        from assistant.open import open_assistant, open_overviews
        from assistant.overview.terminal import follow, shown, write
        from assistant.types import Filters

        assistant = open_assistant(settings)
        with closing(assistant.index):
            overviews = open_overviews(settings, assistant)
            filters = Filters(
                documents=tuple(document),
                kinds=tuple(kind),
                publishers=tuple(publisher),
                languages=tuple(document_language),
                date_from=date_from,
                date_to=date_to,
            )
            id = resume or overviews.start(Question(question, filters), most_findings)
            try:
                made = follow(overviews.go(id), sys.stderr, settings.language)
            except KeyboardInterrupt as interrupt:
                typer.echo(_WORDS[settings.language]["interrupted"].format(id=id), err=True)
                raise typer.Exit(130) from interrupt
        written = [write(made, csv, "csv")] if csv else []
        written += [write(made, xlsx, "xlsx")] if xlsx else []
        if as_json:
            _print_json(asdict(made))
        else:
            typer.echo(shown(made, written))
        if made.coverage.reviewed < made.coverage.total:
            raise typer.Exit(1)


@app.command()
def documents(as_json: AsJson = False) -> None:
    """The documents that answers come from."""
    with _settings() as settings:
        from assistant.index import Index

        index = Index(settings.data_dir, settings.embedding_model, settings.chroma_url)
        with closing(index), index.reading() as generation:
            sources = list(generation.sources.values())
        if as_json:
            _print_json({"documents": [asdict(source) for source in sources]})
        else:
            for source in sources:
                superseded = _WORDS[settings.language]["superseded"] if source.superseded_by else None
                unread = phrases.UNREAD[settings.language] if source.unread else None
                facts = (source.date, source.kind, source.publisher, superseded, unread)
                known = ", ".join(part for part in facts if part)
                about = f" ({known})" if known else ""
                typer.echo(f"{source.id}  {source.title}{about}  {source.path}")


@conversations.callback(invoke_without_command=True)
def list_conversations(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """The conversations that are kept: listed, or exported and deleted by their ids."""
    if context.invoked_subcommand:
        return
    with _settings() as settings:
        from assistant.open import open_archive

        entries = open_archive(settings).entries(limit)
        if as_json:
            _print_json({"conversations": [asdict(entry) for entry in entries]})
        else:
            for entry in entries:
                typer.echo(f"{entry.id}  {entry.updated[:16].replace('T', ' ')}  {entry.turns}  {entry.title}")


@conversations.command("export")
def export_conversation(
    id: Annotated[str, typer.Argument(help="The conversation's id.", metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """Print a conversation, as Markdown with sources and a reference list."""
    with _settings() as settings:
        from assistant.conversation.transcript import as_markdown
        from assistant.open import open_archive

        found = open_archive(settings).conversation(id)
        if as_json:
            _print_json(asdict(found))
        else:
            typer.echo(as_markdown(found, settings.language), nl=False)


@conversations.command("delete")
def delete_conversation(
    ids: Annotated[list[str], typer.Argument(help="The conversations' ids.", metavar="ID")],
) -> None:
    """Delete conversations for good."""
    with _settings() as settings:
        from assistant.open import open_archive

        archive = open_archive(settings)
        for id in ids:
            archive.delete(id)


@keys.callback(invoke_without_command=True)
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """The keys there are: listed, or made and revoked. Of a key itself nothing is kept that it could be made of."""
    if context.invoked_subcommand:
        return
    with _settings() as settings:
        found = _keys(settings).all()
        if as_json:
            shown = [{name: value for name, value in asdict(key).items() if name != "sha256"} for key in found]
            _print_json({"keys": shown})
        else:
            for key in found:
                groups = _WORDS[settings.language]["every"] if key.groups is None else ", ".join(key.groups)
                typer.echo(f"{key.id}  {key.created[:10]}  {key.role:6}  {key.name}  ({groups})")


@keys.command("make")
def make_key(
    name: Annotated[str, typer.Option(help="Whose it is, or what for.")],
    role: Annotated[Role, typer.Option(help="reader asks, editor uploads too, admin sees figures too.")] = "reader",
    group: Annotated[
        list[str], typer.Option(help="A top folder that it sees; '.' for what lies in none. May be given again.")
    ] = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Make a key. Without --group it sees all documents."""
    with _settings() as settings:
        key, text = _keys(settings).make(name, role, tuple(group) or None)
        if as_json:
            _print_json({"id": key.id, "key": text})
        else:
            typer.echo(_WORDS[settings.language]["key"].format(id=key.id, name=key.name), err=True)
            typer.echo(text)


@keys.command("revoke")
def revoke_keys(ids: Annotated[list[str], typer.Argument(help="The keys' ids.", metavar="ID")]) -> None:
    """Let keys hold no longer, at once, also where the service runs."""
    with _settings() as settings:
        held = _keys(settings)
        for id in ids:
            key = held.revoke(id)
            typer.echo(_WORDS[settings.language]["revoked"].format(id=key.id, name=key.name), err=True)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look at all that the service needs, and tell what is wrong. Exit 1 where something is."""
    with _settings() as settings:
        from assistant.doctor import examine

        found = []
        for finding in examine(settings):
            found.append(finding)
            if not as_json:
                typer.echo(f"{_WORDS[settings.language][finding.verdict]:4} {finding.text}")
        if as_json:
            _print_json({"findings": [asdict(finding) for finding in found]})
        if any(finding.verdict == "wrong" for finding in found):
            raise typer.Exit(1)


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="SQuAD files, or golden files over the live index.")],
    as_json: AsJson = False,
    rows: Annotated[Path | None, typer.Option(help="Keep what each question gave in this file.")] = None,
    against: Annotated[Path | None, typer.Option(help="Compare with the rows kept of an earlier run.")] = None,
) -> None:
    """Measure search, reading and abstention on questions with known answers."""
    with _settings() as settings:
        from assistant.evaluation import compare
        from assistant.evaluation.run import compared, evaluate_file, table

        if (rows or against) and len(files) > 1:
            raise typer.BadParameter("--rows and --against take one file of questions")
        earlier = compare.load(against) if against else None
        for file in files:
            report = evaluate_file(file, settings, _progress)
            if rows:
                compare.save(report.rows, rows)
            found = compare.against(report.rows, earlier, str(against)) if earlier is not None else {}
            if as_json:
                apart = {"against": {name: asdict(one) for name, one in found.items()}} if found else {}
                _print_json(report.as_json() | apart)
            else:
                typer.echo(table(file.name, report))
                typer.echo(f"\n{compared(found)}" if found else "")


# --- helpers ------------------------------------------------------------------------------------


@contextmanager
def _settings() -> Iterator[Settings]:
    """The settings; what goes wrong with them or after is one clear line and exit 2."""
    try:
        settings = Settings()
    except ValidationError as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(2) from error
    try:
        yield settings
    except AssistantError as error:
        typer.echo(error.message(settings.language), err=True)
        raise typer.Exit(2) from error


def _serve(settings: Settings) -> None:
    import uvicorn

    from assistant.api import logs
    from assistant.api.app import create_app
    from assistant.api.caller import is_loopback
    from assistant.api.server import Server

    class Told(Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            typer.echo(_WORDS[settings.language]["serving"].format(url=url), err=True)

    logs.begin(settings.log_format)
    if settings.anonymous == "reader" and not is_loopback(settings.host):
        typer.echo(_WORDS[settings.language]["open"].format(host=settings.host), err=True)
    with _listening(settings.host, settings.port) as listener:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{host}:{listener.getsockname()[1]}"
        served = create_app(settings)
        config = uvicorn.Config(served, log_config=None, log_level="warning", server_header=False)
        # Whoever follows a run of the job would be waited for until that is over.
        Told(config, ending=lambda: served.state.job.close()).run([listener])


def _keys(settings: Settings) -> Keys:
    """Raises KeysFileUnset."""
    from assistant.access.keys import Keys

    if settings.api_keys_file is None:
        raise KeysFileUnset("keys.json")
    return Keys(settings.api_keys_file)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotListen(host, port, error.strerror or "") from error
    with listener:
        yield listener


def _filters(
    index: Index,
    kinds: list[str],
    publishers: list[str],
    languages: list[str],
    date_from: str | None,
    date_to: str | None,
    documents: list[str],
) -> Filters:
    """What the options say; a document may be named by its path."""
    ids: tuple[str, ...] = ()
    if documents:
        with index.reading() as generation:
            by_path = {source.path: source.id for source in generation.sources.values()}
            ids = tuple(by_path.get(one, one) for one in documents)
    return Filters(ids, tuple(kinds), tuple(publishers), tuple(languages), date_from, date_to)


def _limited(language: Language, recognised: Sequence[Recognised], coverage: Coverage) -> Iterator[str]:
    """What the question itself limited the search to."""
    if recognised:
        labels = ", ".join(one.label for one in recognised)
        text = _WORDS[language]["limited"]
        yield text.format(labels=labels, searched=coverage.searched, total=coverage.total)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _progress(text: str) -> None:
    typer.echo(text, err=True)


def _suggest(assistant: Assistant, answer: Answer) -> None:
    """Where nothing was found, questions that the nearest document answers: tried now, since none was tried before."""
    from assistant.suggestions import Suggestions

    near = [one.document_id for one in answer.near[:1]]
    found = Suggestions().about(assistant, near, 2, answer.language)
    if found:
        typer.echo(phrases.suggested(answer.language, [one.text for one in found]))


def _written(answer: Answer) -> str:
    lines = [answer.text]
    if answer.understood_as:
        lines.insert(0, f"{phrases.understood(answer.language, answer.understood_as)}\n")
    if answer.citations:
        lines += _limited(answer.language, answer.recognised, answer.coverage)
        lines.append("")
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {phrases.place(answer.language, citation)}")
    lines += [f"- {dropped.text} ({dropped.reason})" for dropped in answer.dropped]
    return "\n".join(lines)


def _listed(hit: Hit, language: Language) -> str:
    passage = hit.passage
    page = f", {phrases.PAGE[language]} {passage.pages[0]}" if passage.pages else ""
    return f"{hit.score:.2f}  {hit.source.title}{page}\n      {passage.text[:300]}"
