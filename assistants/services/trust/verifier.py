"""Check an exported history without the program that wrote it: python3 -I verify.py

Reads history.jsonl beside it once and computes again each digest of changes, results, clearances
and signed roots. Needs Python 3.10 and nothing else. Exits with 0 if all is as it was signed, 1 if
not, 2 if a file cannot be used. To compare roots that you kept: python3 -I verify.py ROOT.json …
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from shlex import quote
from typing import Any

TEXTS_IN_MEMORY = 50  # a text is repeated in the file after so many others
OPENSSL = "openssl pkeyutl -verify -pubin -inkey {}.pem -rawin -in {}.json -sigfile {}.sig"
SPLIT_ROOT = """python3 -Ic "import base64, json, sys; r = json.load(open(sys.argv[1]))
to = 'signed-statement.'; open(to + 'json', 'w').write(r['statement'])
open(to + 'pem', 'w').write(r['public_key'])
open(to + 'sig', 'wb').write(base64.b64decode(r['signature']))" {}"""
JsonLine = dict[str, Any]


def digest(value: Any, *, is_ascii: bool = False, start: bytes = b"") -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=is_ascii, separators=(",", ":"))
    return sha256(start + text.encode("utf-8", "backslashreplace")).hexdigest()


class ExportCheck:
    """What is known so far; each kind of line has a method of its name."""

    def __init__(self) -> None:
        self.problems, self.roots, self.leaves = list[str](), list[JsonLine](), dict[int, bytes]()
        self.erased, self.is_ended, self.is_whole, self.last = 0, False, True, ""
        self.counts = dict.fromkeys(("assistant", "revision", "outcome", "clearance"), 0)
        self.told: JsonLine = {}  # how many changes the file says there are
        self.read_assistant({}, "file")

    def read_assistant(self, line: JsonLine, name: str = "") -> None:
        if before := self.told:
            is_so = (len(self.numbers), self.last) == (before["revisions"], before["newest"])
            self.expect(is_so, "revisions", f"there should be {before['revisions']}")
        self.name, self.told = name or line["remote_id"] or line["name"], line
        self.last, self.is_readable, self.texts = "", True, dict[str, Any]()
        self.numbers: dict[int, str] = {}
        self.running = {"outcome": [""], "clearance": [""]}  # digests over all so far

    def expect(self, is_so: bool, where: object, what: str) -> None:
        if not is_so and self.is_readable:  # else it may follow from a line that is not
            self.problems.append(f"{self.name} {where}: {what}".strip())

    def read(self, line: JsonLine) -> None:
        getattr(self, f"read_{line['type']}")(line)
        if line["type"] in self.counts:
            self.counts[line["type"]] += 1
        self.erased += bool(line.get("kept"))

    def read_history(self, line: JsonLine) -> None:
        if line["format"] not in (1, 2):
            sys.exit("This file needs the verifier of another release.")

    def read_root(self, line: JsonLine) -> None:
        said = json.loads(line["statement"])
        _needed = said["number"], said["previous"], said["root"], said["leaves"] + 0
        self.roots.append(line | {"said": said})

    def read_text(self, line: JsonLine) -> None:
        self.texts[line["key"]] = line["value"]
        if len(self.texts) > TEXTS_IN_MEMORY:
            del self.texts[next(iter(self.texts))]

    def recomputed(self, line: JsonLine, said: JsonLine, texts: set[str], name: str) -> str:
        """Return the digest of a row, from its content and from digests of what was erased."""
        kept, fields = line.get("kept", {}), dict(line["values"] or {})
        for field, key in (line["texts"] or {}).items():  # all unknown fields are one text
            fields |= self.texts[key] if field == "object" else {field: self.texts[key]}
        if line["format"] == 1:
            if set(kept) & texts:
                return str(line["digest"])  # the first format covers these texts themselves
            whole = "" if line["values"] is None else kept.get("definition") or digest(fields)
            said |= {text: line[text] for text in texts} | {name: whole}
        else:
            said |= {text: kept.get(text) or digest(line[text], is_ascii=True) for text in texts}
            found = {name: digest(value) for name, value in fields.items()} | kept.get("fields", {})
            said |= {"format": 2, "fields": None if line["values"] is None else found}
        return digest(said, is_ascii=True)

    def read_revision(self, line: JsonLine) -> None:
        where, due = f"revision {line['number']}", next(reversed(self.numbers), 0) + 1
        self.expect(line["number"] == due, where, f"revision {due} should be here")
        is_so = line["number"] != due or line["previous"] == self.last
        self.expect(is_so, where, "it does not follow the one before")
        names = ("number", "kind", "author", "drafter", "trace_id", "created_at", "previous")
        said = {name: line[name] for name in names} | {"base": self.numbers.get(line["base"], "")}
        is_so = self.recomputed(line, said, {"changes", "note"}, "definition") == line["digest"]
        self.expect(is_so, where, "its content is not what was written")
        self.last = self.numbers[line["number"]] = line["digest"]

    def read_outcome(self, line: JsonLine) -> None:
        names = ("status", "version", "error", "code", "request_id", "created_at")
        said = {at: line[at] for at in names} | {"revision": self.numbers.get(line["revision"], "")}
        found = self.recomputed(line, said, {"differences", "message", "param"}, "stored")
        self.follow(line, found)

    def read_clearance(self, line: JsonLine) -> None:  # how a change passed the approval policy
        names = line.keys() & set("kind approvers user is_own fields created_at is_return".split())
        said = {at: line[at] for at in names} | {"revision": self.numbers.get(line["revision"], "")}
        kept = line.get("kept", {}).get("reason")
        said["reason"] = kept or sha256(line["reason"].encode()).hexdigest()
        self.follow(line, sha256(json.dumps(said, sort_keys=True).encode()).hexdigest())

    def follow(self, line: JsonLine, found: str) -> None:
        where, before = f"{line['type']} of revision {line['revision']}", self.running[line["type"]]
        self.expect(found == line["digest"], where, "it is not what was written")
        before.append(sha256((before[-1] + line["digest"]).encode()).hexdigest())

    def read_seal(self, line: JsonLine) -> None:
        leaf = {key: line[key] for key in line if key not in ("type", "root", "position")}
        self.leaves[line["position"]] = bytes.fromhex(digest(leaf, start=b"\0"))
        ends, what = self.numbers.get(line["revisions"]), f"not what root {line['root']} sealed"
        is_so = (ends, self.numbers.get(1)) == (line["newest"], line["chain"])
        self.expect(is_so, f"revision {line['revisions']}", what)
        for at, found in ((f"{kind}s", each) for kind, each in self.running.items()):
            self.expect(found[line.get(at, 0) :][:1] == [line.get(f"{at}_digest", "")], at, what)

    def read_end(self, line: JsonLine) -> None:
        self.read_assistant({}, "history")
        self.is_ended, is_so = True, self.counts == line["counts"] or not self.is_whole
        self.expect(is_so, "end", f"it should have {line['counts']} and has {self.counts}")

    def check_roots(self) -> None:
        self.name, previous, count, peaks = "root", "", 0, list[bytes]()  # the tree, built again
        for number, line in enumerate(self.roots, 1):
            said = line["said"]
            follows = (said["number"], said["previous"]) == (number, previous)
            self.expect(follows, number, "it does not follow the one before")
            while count < said["leaves"] and count in self.leaves:
                peaks.append(self.leaves[count])
                count += 1
                for _each in range((count & -count).bit_length() - 1):  # as often as 2 divides it
                    peaks[-2:] = [sha256(b"\1" + peaks[-2] + peaks[-1]).digest()]
            root = b""
            for peak in reversed(peaks):
                root = sha256(b"\1" + peak + root).digest() if root else peak
            is_so = (count, root.hex()) == (said["leaves"], said["root"])
            self.expect(is_so, number, "what it sealed is not what was signed")
            previous = sha256(line["statement"].encode()).hexdigest()

    def check_kept(self, file: str) -> list[str]:
        try:
            kept = json.loads(Path(file).read_text(encoding="utf-8"))
            number, signature = json.loads(kept["statement"])["number"], kept["signature"]
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"{file} is not a signed root.") from None
        there = {line["statement"]: line["signature"] for line in self.roots}.get(kept["statement"])
        what = "its signature in {} is not that" if there else "the one in {} is not"
        is_so = there is not None and there == signature
        self.expect(is_so, number, f"{what.format(file)} in this history")
        told = f"Root {number} in {file} belongs to this history. This checks its signature:"
        commands = SPLIT_ROOT.format(quote(file)), OPENSSL.format(*["signed-statement"] * 3)
        return [told, *commands] if is_so else []


def check_export() -> None:
    folder, check = Path(__file__).resolve().parent, ExportCheck()
    with open(folder / "history.jsonl", encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                check.read(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                check.expect(False, f"line {number}", f"it cannot be read ({error!r})")
                check.is_readable = check.is_whole = False
    if check.is_whole:
        check.expect(check.is_ended, "end", "it is missing")
        check.check_roots()
    check.name, check.is_readable = "root", True
    kept = [said for file in sys.argv[1:] for said in check.check_kept(file)]
    if check.roots and (folder / "root.json").read_bytes() != check.roots[-1]["statement"].encode():
        check.expect(False, "in root.json", "it is not the newest root")
    count = len(check.problems)
    verdict = f"The history is NOT as it was written: {count} problem{'s'[count == 1 :]}."
    told = [verdict if count else "The history is as it was written and sealed.", *check.problems]
    counts = ", ".join(f"{count} {kind}s" for kind, count in check.counts.items())
    roots = f"{len(check.roots)} signed roots"
    print(*told, f"{counts}, {roots}, {check.erased} rows with an erased text.", *kept, sep="\n")
    if check.roots:
        print("This checks the signature of the newest root, which covers all before it:")
        print(OPENSSL.format("key", "root", "root"))
        print("And this prints the SHA-256 of the key. Compare it with the page Signed history:")
        print("openssl pkey -pubin -in key.pem -outform DER | openssl dgst -sha256")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    try:
        check_export()
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
