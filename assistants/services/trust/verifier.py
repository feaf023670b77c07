"""Check an exported history without the program that wrote it: python3 -I verify.py

Reads history.jsonl beside it, in one pass. Needs Python 3.10 and nothing else. It computes each
digest again: of every change, of every result, and of the signed roots over all of them. It prints
what it found; the exit code is 0 if all is as it was signed, else 1. The signature is checked by
the command that it prints. To compare with roots that you kept: python3 -I verify.py ROOT.json …
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

TEXTS_IN_MEMORY = 50
"""A text is repeated in the file after so many others."""
JsonLine = dict[str, Any]


def canonical_bytes(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def json_digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


class ExportCheck:
    """What is known so far; each kind of line has a method of its name."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.erased, self.is_ended = 0, False
        self.roots: list[JsonLine] = []
        self.leaves: dict[int, bytes] = {}
        self.counts = {"assistant": 0, "revision": 0, "outcome": 0}
        self.begin("", None)

    def begin(self, name: str, told: JsonLine | None) -> None:
        """Begin with an assistant, of which the file has told how many changes there are."""
        self.name, self.told, self.last = name, told, ""
        self.texts: dict[str, Any] = {}
        self.numbers: dict[int, str] = {}
        self.running = [""]

    def finish(self) -> None:
        found = len(self.numbers), self.last
        if self.told and found != (self.told["revisions"], self.told["newest"]):
            self.fault("revisions", f"there should be {self.told['revisions']}")

    def fault(self, where: object, what: str) -> None:
        self.problems.append(f"{self.name} {where}: {what}")

    def read(self, line: JsonLine) -> None:
        getattr(self, f"read_{line['type']}")(line)
        if line["type"] in self.counts:
            self.counts[line["type"]] += 1

    def read_history(self, line: JsonLine) -> None:
        if line["format"] != 1:
            sys.exit("This file needs the verifier of another release.")

    def read_root(self, line: JsonLine) -> None:
        self.roots.append(line)

    def read_assistant(self, line: JsonLine) -> None:
        self.finish()
        self.begin(line["remote_id"] or line["name"], line)

    def read_text(self, line: JsonLine) -> None:
        self.texts[line["key"]] = line["value"]
        if len(self.texts) > TEXTS_IN_MEMORY:
            del self.texts[next(iter(self.texts))]

    def definition(self, line: JsonLine) -> JsonLine:
        """Return the fields of a definition: the short ones, and those that are texts."""
        fields = dict(line["values"])
        for field, key in (line["texts"] or {}).items():
            # All fields that the API does not define are one text.
            fields |= self.texts[key] if field == "object" else {field: self.texts[key]}
        return fields

    def recomputed(self, line: JsonLine, said: JsonLine, texts: set[str], name: str) -> str:
        """Return the digest of a row, from its content and from digests of what was erased."""
        kept = line.get("kept") or {}
        self.erased += bool(kept)
        fields = None if line["values"] is None else self.definition(line)
        if line["format"] == 1:
            if set(kept) & texts:
                return str(line["digest"])  # the first format covers these texts themselves
            whole = kept.get("definition") or sha256(canonical_bytes(fields)).hexdigest()
            whole = "" if fields is None else whole
            return json_digest(said | {text: line[text] for text in texts} | {name: whole})
        said |= {text: kept.get(text) or json_digest(line[text]) for text in texts}
        if fields is not None:
            found = {name: sha256(canonical_bytes(fields[name])).hexdigest() for name in fields}
            fields = found | kept.get("fields", {})
        return json_digest(said | {"format": 2, "fields": fields})

    def read_revision(self, line: JsonLine) -> None:
        number, where = line["number"], f"revision {line['number']}"
        if number != len(self.numbers) + 1:
            self.fault(where, f"revision {len(self.numbers) + 1} should be here")
        elif line["previous"] != self.last:
            self.fault(where, "it does not follow the one before")
        names = ("number", "kind", "author", "drafter", "trace_id", "created_at", "previous")
        said = {name: line[name] for name in names} | {"base": self.numbers.get(line["base"], "")}
        if self.recomputed(line, said, {"changes", "note"}, "definition") != line["digest"]:
            self.fault(where, "its content is not what was written")
        self.last = self.numbers[number] = line["digest"]

    def read_outcome(self, line: JsonLine) -> None:
        names = ("status", "version", "error", "code", "request_id", "created_at")
        said = {name: line[name] for name in names}
        said["revision"] = self.numbers.get(line["revision"], "")
        texts = {"differences", "message", "param"}
        if self.recomputed(line, said, texts, "stored") != line["digest"]:
            self.fault(f"outcome of revision {line['revision']}", "it is not what was written")
        self.running.append(sha256((self.running[-1] + line["digest"]).encode()).hexdigest())

    def read_seal(self, line: JsonLine) -> None:
        leaf = {key: line[key] for key in line if key not in ("type", "root", "position")}
        self.leaves[line["position"]] = sha256(b"\0" + canonical_bytes(leaf)).digest()
        ends = self.numbers.get(line["revisions"]), self.numbers.get(1)
        if ends != (line["newest"], line["chain"]):
            self.fault(f"revision {line['revisions']}", f"not what root {line['root']} sealed")
        if self.running[line["outcomes"] :][:1] != [line["outcomes_digest"]]:
            self.fault("outcomes", f"not what root {line['root']} sealed")

    def read_end(self, line: JsonLine) -> None:
        self.finish()
        self.begin("history", None)
        self.is_ended = True
        if self.counts != line["counts"]:
            self.fault("end", f"it should have {line['counts']} and has {self.counts}")

    def check_roots(self) -> None:
        """Build the tree again, leaf by leaf, and compare it with every root on the way."""
        self.name, previous, count = "root", "", 0
        peaks: list[bytes] = []
        for number, line in enumerate(self.roots, 1):
            said = json.loads(line["statement"])
            if (said["number"], said["previous"]) != (number, previous):
                self.fault(number, "it does not follow the one before")
            while count < said["leaves"] and count in self.leaves:
                peaks.append(self.leaves[count])
                count += 1
                size = count
                while size % 2 == 0:
                    peaks[-2:] = [sha256(b"\1" + peaks[-2] + peaks[-1]).digest()]
                    size //= 2
            root = b""
            for peak in reversed(peaks):
                root = sha256(b"\1" + peak + root).digest() if root else peak
            if (count, root.hex()) != (said["leaves"], said["root"]):
                self.fault(number, "what it sealed is not what was signed")
            previous = sha256(line["statement"].encode()).hexdigest()

    def check_kept(self, path: Path) -> None:
        """Compare with a root that was kept elsewhere."""
        kept = json.loads(path.read_text(encoding="utf-8"))["statement"]
        if kept not in [line["statement"] for line in self.roots]:
            self.fault(json.loads(kept)["number"], f"the one in {path} is not in this history")


def check_export() -> None:
    folder = Path(__file__).resolve().parent
    check = ExportCheck()
    with open(folder / "history.jsonl", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                check.read(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                check.fault(f"line {number}", f"it cannot be read ({error!r})")
    if not check.is_ended:
        check.fault("end", "it is missing")
    check.check_roots()
    for path in sys.argv[1:]:
        check.check_kept(Path(path))
    newest = check.roots[-1]["statement"] if check.roots else ""
    if newest and (folder / "root.json").read_bytes() != newest.encode():
        check.fault("file root.json", "it is not the newest root")
    print("\n".join(check.problems) or "The history is as it was written and sealed.")
    print(", ".join(f"{count} {kind}s" for kind, count in check.counts.items()), end=", ")
    print(f"{len(check.roots)} signed roots, {check.erased} rows with an erased text.")
    if newest:
        print("This checks the signature of the newest root, which covers all before it:")
        print(
            "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in root.json -sigfile root.sig"
        )
        print("And this prints the SHA-256 of the key. Compare it with the page Signed history:")
        print("openssl pkey -pubin -in key.pem -outform DER | openssl dgst -sha256")
    sys.exit(1 if check.problems else 0)


if __name__ == "__main__":
    check_export()
