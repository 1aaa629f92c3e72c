from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder
from tests.test_processes import ROOT, environment


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Reader) -> Run:
    monkeypatch.chdir(tmp_path)
    return Run(reader)


class Run:
    """Runs a command as ``python -m service`` does, with the models of the tests."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __call__(self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Result:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Components, "embedder", CountingEmbedder(), raising=False)
            patched.setattr(Components, "reader", self.reader, raising=False)
            return CliRunner().invoke(main, list(arguments), input=stdin, env=env)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "news"
    inside.mkdir()
    (inside / "troops.txt").write_text("date 2024-12-16 (A- The Daily) " + TROOPS.text)
    rows = [{"text": article.text, "publisher": article.publisher} for article in (ECLIPSE, PRIZE)]
    (inside / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return inside


def test_add_takes_folders_and_is_idempotent(run: Run, folder: Path) -> None:
    first = run("add", str(folder))
    assert (first.exit_code, first.stderr) == (0, "3 added, 0 already here, 0 left out\n")
    again = run("add", str(folder / "troops.txt"), str(folder))
    assert (again.exit_code, again.stderr) == (0, "0 added, 4 already here, 0 left out\n")


def test_add_names_what_it_leaves_out_and_exits_with_1(run: Run, folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\xff")
    result = run("add", str(folder), "nowhere")
    assert result.exit_code == 1
    assert f"left out: {folder / 'bad.txt'}: not UTF-8 (byte 0xff at line 1)" in result.stderr
    assert "left out: nowhere: cannot be opened: No such file or directory" in result.stderr
    assert result.stderr.endswith("3 added, 0 already here, 2 left out\n")


def test_add_reads_standard_input(run: Run) -> None:
    assert run("add", "-", stdin=b"The moon rose.").stderr == "1 added, 0 already here, 0 left out\n"
    lines = b'{"text": "The moon set."}\n{"text": "The sun rose."}\n'
    assert run("add", "-", "--format", ".jsonl", stdin=lines).stderr == "2 added, 0 already here, 0 left out\n"
    assert run("add", "-", stdin=b"").stderr.startswith("left out: standard input.txt: empty\n")


def test_add_says_how_far_it_is_where_it_is_redirected(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.progress.SECONDS_A_LINE", 0.0)
    lines = run("add", str(folder)).stderr.splitlines()
    for done, line in enumerate(lines[:3], start=1):
        assert line.startswith(f"Reading and embedding: {done} of 3 articles")
    assert lines[3] == "3 added, 0 already here, 0 left out"
    assert lines[4].startswith("Indexing: 3 of 3")


def test_add_says_what_it_corrected(run: Run, folder: Path) -> None:
    run("add", str(folder))
    row = {"text": ECLIPSE.text, "publisher": "Sky News", "title": "Dark at noon"}
    (folder / "more.jsonl").write_text(json.dumps(row) + "\n")
    assert run("add", str(folder / "more.jsonl")).stderr == "0 added, 1 already here (1 corrected), 0 left out\n"
    assert "Sky News\tDark at noon" in run("articles").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "a" * 501], "Error: question: too long: 501 characters; the limit is 500\n"),
        (["ask", "a", "--top-k", "21"], "Error: top_k: must be from 1 to 20, not 21\n"),
        (
            ["ask", "a", "--from", "2024-02-01", "--to", "2024-01-31"],
            "Error: filters.published_to: 2024-01-31 is before published_from, 2024-02-01\n",
        ),
    ],
)
def test_ask_keeps_to_the_limits_that_everybody_has(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (1, message)


def test_commands_that_need_no_model_and_no_web_load_neither(tmp_path: Path) -> None:
    code = "import sys\nfrom service.cli import main\nmain(['articles'], standalone_mode=False)\nprint(*sys.modules)"
    for _ in range(2):  # the first makes the database, which takes migrations
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=True,
        )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    slow = {"alembic", "faiss", "flask", "flask_openapi3", "onnxruntime", "sentence_transformers", "tantivy"}
    slow |= {"tokenizers", "torch", "transformers", "waitress", "werkzeug"}
    assert not loaded & slow
    assert "sqlalchemy" in loaded  # that it looked at all


def test_ask_prints_quotes_plain_or_as_json(run: Run, folder: Path) -> None:
    run("add", str(folder))
    plain = run("ask", "How many troops were sent?", "--top-k", "1")
    assert plain.exit_code == 0
    assert plain.stdout.startswith(
        "Sure: 10,000 — officials said\n\n1. “North Korea sent 10,000 troops, officials said.”\n"
    )
    assert "The Daily, 2024-12-16" in plain.stdout
    body = json.loads(run("ask", "--json", "How many troops were sent?").stdout)
    assert body["answer"]["text"] == "10,000"


def test_ask_prints_items_sides_and_evidence_in_lines(run: Run, folder: Path) -> None:
    lists = b"The brigades that hold the territory are Amber, Birch and Cedar."
    for text in (lists, b"Off Java, 12 sailors were killed.", b"Off Bali, 7 sailors were killed."):
        run("add", "-", stdin=text)
    said = run("ask", "Which brigades hold the territory?").stdout.split("\n\n")[0]
    assert said.splitlines() == ["Sure:", "- Amber [1]", "- Birch [1]", "- Cedar [1]"]
    said = run("ask", "How many sailors were killed off Java and Bali?").stdout.split("\n\n")[0]
    assert re.fullmatch(r"Sure:\n- Java: 12 \[[12]\]\n- Bali: 7 \[[12]\]", said)
    danced = folder / "danced.jsonl"
    danced.write_text('{"text": "The dancers danced on Monday and Tuesday.", "published": "2024-12-18"}\n')
    run("add", str(danced))
    said = run("ask", "On which days did the dancers dance?").stdout.split("\n\n")[0]
    assert said.splitlines()[1] == "- Monday (computed: Monday 16 December 2024) [1]"
    assert run("ask", "Were sailors killed?").stdout.startswith("Sure, what the articles say:\n\n1. “Off ")


def test_ask_exits_with_1_and_shows_one_quote_where_it_is_not_in_the_articles(run: Run, folder: Path) -> None:
    run("add", str(folder))
    result = run("ask", "Who won the 1998 World Cup?")
    assert result.exit_code == 1
    said, nearest = result.stdout.splitlines()
    assert said == "This is not in the articles."
    assert re.fullmatch(r"The closest quote, which is not an answer: “.*” — .*", nearest)
    body = json.loads(run("ask", "--json", "Who won the 1998 World Cup?").stdout)
    assert (body["outcome"], len(body["quotes"])) == ("not_in_articles", 5)


def test_ask_exits_with_1_and_shows_the_nearest_quotes_where_it_is_uncertain(run: Run, folder: Path) -> None:
    run("add", str(folder))
    result = run("ask", "Which two scientists opened a school?", "--top-k", "2")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "The articles may answer this. The closest they come:"
    assert [line[:3] for line in lines if "“" in line] == ["1. ", "2. "]


def test_ask_filters(run: Run, folder: Path) -> None:
    run("add", str(folder))
    body = json.loads(run("ask", "--json", "--publisher", "Sky", "troops or eclipse?").stdout)
    assert {quote["article"]["publisher"] for quote in body["quotes"]} == {"Sky"}
    assert json.loads(run("ask", "--json", "--from", "2030-01-01", "troops?").stdout)["reason"] == "no_articles"


def test_nothing_foreign_acts_on_the_terminal(run: Run, tmp_path: Path) -> None:
    acting = "\x1b]0;owned\x07\u202e\x9b31m"
    row = {
        "text": f"Officials said 10,000 troops {acting} were sent.",
        "title": f"T {acting}",
        "publisher": f"P {acting}",
    }
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(row)}\n")
    (tmp_path / f"b{acting.replace('/', '')}\n.jsonl").write_text("{")
    added = run("add", str(tmp_path))
    left_out = next(line for line in added.stderr.splitlines() if line.startswith("left out"))
    assert r"b\u001b]0;owned\u0007\u202e\u009b31m\u000a.jsonl" in left_out
    told = [
        added,
        run("articles"),
        run("articles", "--json"),
        run("ask", "How many troops were sent?"),
        run("ask", "--json", f"How many troops {acting} were sent?"),
        run("remove", f"x{acting}"),
        run("ask", "--publisher", f"x{acting}", "How many troops were sent?"),
        run("add", f"x{acting}"),
    ]
    for result in told:
        assert result.output
        assert not set("\x1b\x07\u202e\x9b") & set(result.output), result.output
    assert json.loads(told[2].stdout)["title"] == f"T {acting}"
    assert json.loads(told[4].stdout)["quotes"][0]["text"] == row["text"]
    assert r"troops \u001b]0;owned\u0007\u202e\u009b31m were sent." in told[3].stdout


def test_keys_are_made_shown_once_listed_and_revoked(run: Run) -> None:
    made = run("keys", "add", "Ann's \x1b[31mlaptop", "--scope", "ask", "--scope", "add", "--days", "0")
    assert (made.exit_code, bool(re.fullmatch(r"nq_[\w-]{43}\n", made.stdout))) == (0, True)
    assert run("keys", "add", "bob").exit_code == 0
    today = datetime.now(UTC).date()
    listed = f"Ann's \\u001b[31mlaptop\tadd,ask\t{today}\t-\t{today}\nbob\task\t{today}\t-\t-\n"
    assert run("keys").stdout == listed
    assert run("keys", "add", "bob").stderr == "Error: name: another key is already called 'bob'; revoke that first\n"
    assert run("keys", "revoke", "bob").stderr == "revoked bob\n"
    assert run("keys", "revoke", "bob").exit_code == 1
    assert run("keys", "add", "eve", "--scope", "root").exit_code == 2
    assert "bob" not in run("keys").stdout


def test_articles_are_listed_with_tabs_or_as_json_lines(run: Run, folder: Path) -> None:
    run("add", str(folder))
    lines = run("articles").stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].split("\t")[1:3] == ["2024-12-16", "The Daily"]
    assert {json.loads(line)["publisher"] for line in run("articles", "--json").stdout.splitlines()} == {
        "Sky",
        "The Daily",
    }


def test_remove_takes_an_article_out(run: Run, folder: Path) -> None:
    run("add", str(folder))
    assert run("remove", ECLIPSE.id).exit_code == 0
    assert len(run("articles").stdout.splitlines()) == 2
    again = run("remove", ECLIPSE.id)
    assert (again.exit_code, again.stderr) == (1, f"Error: The article '{ECLIPSE.id}' has been removed.\n")
    assert run("remove", "x").stderr == "Error: No article has the id 'x'.\n"


def test_check_and_rebuild(run: Run, folder: Path) -> None:
    run("add", str(folder))
    assert json.loads(run("check", "--json").stdout) == {
        "articles": 3,
        "sentences": 7,
        "sentences_in_engine": 7,
        "vectors": 7,
        "vectors_in_engine": 7,
        "unembedded_articles": 0,
        "compared": 3,
        "differing": [],
        "broken": [],
        "repaired": [],
        "database": "ok",
    }
    assert run("check").exit_code == 0
    assert run("rebuild").stderr == "0 articles embedded, 0 vectors dropped, 7 sentences\n"
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "env", "message"),
    [
        (["ask", "?!"], {}, "Error: The question has no words to search for."),
        (["articles"], {"NEWSQUOTE_PROT": "1"}, "Error: NEWSQUOTE_PROT='1': there is no such setting"),
        (["articles"], {"NEWSQUOTE_DATABASE_URL": "nonsense"}, "Error: The database URL is invalid: expected one like"),
        (
            ["articles"],
            {"NEWSQUOTE_DATABASE_URL": "postgresql://me:secret@localhost:1/x"},
            "Error: The database postgresql://me:***@localhost:1/x cannot be opened: ",
        ),
        (
            ["articles"],
            {"NEWSQUOTE_DATA_DIR": "/dev/null"},
            "Error: The database sqlite:////dev/null/newsquote.db cannot",
        ),
    ],
)
def test_errors_are_one_line_without_traceback(
    run: Run, arguments: list[str], env: dict[str, str], message: str
) -> None:
    result = run(*arguments, env=env)
    assert result.exit_code == 1
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_wrong_calls_exit_with_2(run: Run) -> None:
    for arguments in (["add"], ["ask"], ["ask", "a", "--top-k", "0"], ["ask", "a", "--from", "soon"], ["nothing"]):
        assert run(*arguments).exit_code == 2


def test_feedback_prints_lines_and_clears_only_when_asked(run: Run, folder: Path) -> None:
    run("add", str(folder))
    newsquote = Newsquote.open()
    newsquote.feedback.add("Who won?", None, "France.")
    newsquote.close()
    for arguments, stderr in (([], ""), (["--clear"], "1 deleted\n"), (["--clear"], "0 deleted\n")):
        result = run("feedback", *arguments)
        assert (result.exit_code, result.stderr) == (0, stderr)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        assert [(line["question"], line["note"]) for line in lines] == (
            [] if stderr.startswith("0") else [("Who won?", "France.")]
        )


GERMAN = "Die Regierung hat am Montag die neuen Regeln für den Handel mit der Ukraine und mit Polen vorgestellt."


def test_add_names_languages_that_are_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "neu.txt").write_text(GERMAN)
    first = run("add", "neu.txt")
    assert first.stderr.endswith("1 article appears to be in German; Newsquote reads only English\n")
    assert "German" not in run("add", "neu.txt").stderr


def test_ask_says_what_was_mended_and_asks_as_written_if_told(run: Run, folder: Path) -> None:
    run("add", str(folder))
    mended = run("ask", "How many tropps were sent?")
    assert mended.stdout.startswith(
        "Results for: How many troops were sent? (exactly as written: --without-correction)"
    )
    plain = run("ask", "How many tropps were sent?", "--without-correction")
    assert "Results for" not in plain.stdout


def test_ask_says_that_a_question_is_not_in_english(run: Run, folder: Path) -> None:
    run("add", str(folder))
    assert run("ask", "Wie viele Soldaten hat die Regierung geschickt?").stdout.startswith(
        "This question does not appear"
    )


def test_add_tells_the_encodings_that_it_guessed(run: Run, tmp_path: Path) -> None:
    quoted = "“We won’t go,” said Zoë."
    (tmp_path / "a.txt").write_bytes(quoted.encode("cp1252"))
    result = run("add", "a.txt")
    assert result.exit_code == 0
    assert f"read as windows-1252, a guess: {quoted}\n" in result.stderr
    assert "remove the article and add it again with --encoding" in result.stderr


def test_add_takes_the_encoding_that_it_is_told(run: Run) -> None:
    result = run("add", "-", "--encoding", "windows-1250", stdin="Jan Čapek won’t go.".encode("cp1250"))
    assert "guess" not in result.stderr
    assert "Jan Čapek won’t go." in run("articles").stdout
    wrong = run("add", "-", "--encoding", "klingon", stdin=b"It began.")
    assert wrong.exit_code == 1
    assert "left out: standard input.txt: encoding: 'klingon' is not known here" in wrong.stderr


def test_add_reads_every_format(run: Run) -> None:
    documents = ROOT / "tests" / "data" / "documents"
    result = run("add", str(documents / "harbour.docx"), str(documents / "harbour-chromium.pdf"))
    assert "2 added, 0 already here, 0 left out" in result.stderr
    markdown = run("add", "-", "--format", ".md", stdin=b"# One\n\nIt *began*.")
    assert "1 added" in markdown.stderr
    answer = run("ask", "When was the northern pier built and lengthened?")
    assert re.search(r"   page 2, [0-9a-f]{16} characters \d+-\d+", answer.stdout)


def test_reread_says_what_became_of_the_originals(run: Run) -> None:
    keeping = {"NEWSQUOTE_KEEP_ORIGINALS": "true"}
    page = ROOT / "tests" / "data" / "pages" / "bare.html"
    run("add", str(page), env=keeping)
    assert "0 read again, 0 changed, 0 could not be read" in run("reread", env=keeping).stderr
    assert "1 read again, 0 changed, 0 could not be read" in run("reread", "--all", env=keeping).stderr


def test_watched_questions_are_added_listed_checked_shown_and_removed(run: Run, folder: Path) -> None:
    run("add", str(folder))
    made = run("watches", "add", "How many troops were sent?")
    watch_id = made.stdout.strip()
    assert re.fullmatch(r"feed: /watches/feed/[\w-]{43}\.atom\n", made.stderr)
    (folder / "new.txt").write_text("date 2024-12-17 (A- Other) North Korea sent 12,000 troops, officials said.")
    run("add", str(folder / "new.txt"))
    assert run("watches", "check").stderr == "1 new\n"
    columns = run("watches").stdout.strip().split("\t")
    assert (columns[0], columns[2:]) == (watch_id, ["1", "How many troops were sent?"])
    listed = json.loads(run("watches", "--json").stdout)
    assert [one["id"] for one in listed["watches"]] == [watch_id]
    shown = run("watches", "show", watch_id).stdout
    assert "Another figure: 12,000" in shown
    assert "North Korea sent 12,000 troops, officials said." in shown
    (entry,) = json.loads(run("watches", "show", "--json", watch_id).stdout)["timeline"]
    assert entry["kind"] == "figure"
    run("remove", entry["answer"]["quotes"][0]["article"]["id"])
    run("watches", "check")
    shown = run("watches", "show", watch_id).stdout
    assert "A quoted article was removed" in shown
    assert "12,000" not in shown
    assert run("watches", "remove", watch_id).stderr == f"removed {watch_id}\n"
    assert run("watches", "remove", watch_id).stderr == (
        "Error: There is no such watched question. It may have been removed.\n"
    )


def test_secret_of_a_webhook_is_printed_once(run: Run, folder: Path) -> None:
    run("add", str(folder))
    made = run("watches", "add", "How many troops were sent?", "--webhook", "https://example.org/hook")
    watch_id, secret = made.stdout.split()
    assert secret.startswith("whsec_")
    assert secret not in run("watches", "--json").stdout + run("watches", "show", "--json", watch_id).stdout
    refused = run("watches", "add", "How many troops were sent?", "--webhook", "file:///etc/passwd")
    assert (refused.exit_code, refused.stderr.startswith("Error: webhook: only addresses")) == (1, True)


def test_verify_looks_each_quotation_up(run: Run, folder: Path) -> None:
    run("add", str(folder))
    text = "“The Moon … the Sun,” he said, “as in 1804 or so”."
    found = run("verify", text)
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert lines[0] == "2 quotations: 1 with words left out, 1 not found"
    assert lines[2] == "1. Word for word, with words left out: “The Moon … the Sun,”"
    assert f"   {ECLIPSE.id} characters 0-8" in lines
    assert "   1 word left out" in lines
    assert lines[-1] == "2. Not found in the articles: “as in 1804 or so”"
    whole = run("verify", "-", stdin=b"The Moon covered the Sun")
    assert (whole.exit_code, whole.stdout.splitlines()[0]) == (0, "1 quotation: 1 word for word")


def test_verify_reads_a_file_and_keeps_nothing(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", str(folder))
    (tmp_path / "said.md").write_text("# A day\n\nHe said “The eclipse lasted five minutes.” \x1b[31m.")
    found = run("verify", "--file", "said.md", "--json", "--article", ECLIPSE.id)
    body = json.loads(found.stdout)
    assert (found.exit_code, body["counts"]["altered"], body["quotations"][0]["quote"]) == (
        1,
        1,
        "The eclipse lasted five minutes.",
    )
    assert len(run("articles").stdout.splitlines()) == 3


def test_verify_tells_which_parts_of_a_file_it_could_not_read(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", str(folder))
    (tmp_path / "said.jsonl").write_text('{"text": "The Moon covered the Sun"}\n\x1b[31m')
    found = run("verify", "--file", "said.jsonl")
    assert found.exit_code == 1
    assert found.stdout.startswith("1 quotation: 1 word for word")
    assert found.stderr.startswith("left out: said.jsonl, line 2: ")
    assert "\x1b" not in found.stderr


def test_verify_wants_a_text_or_a_file(run: Run) -> None:
    for given in ((), ("a text", "--file", "pyproject.toml")):
        assert run("verify", *given).exit_code == 2
