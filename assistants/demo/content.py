"""Definitions that look like those of a real company, the same ones for the same random seed."""

from random import Random
from typing import Any

from assistants.definition import Definition

DEMO_TASKS = (
    "Refund desk", "Order tracking", "Contract review", "Travel booking", "Expense check",
    "Onboarding guide", "Payroll questions", "IT first aid", "Product finder", "Newsletter writer",
    "Warranty claims", "Meeting minutes", "Job adverts", "Invoice matching", "Supplier questions",
    "Return labels", "Price quotes", "Training coach", "Policy lookup", "Survey summary",
)  # fmt: skip
COUNTRIES = (
    "Germany", "France", "Spain", "Italy", "Poland", "Sweden", "Norway", "Ireland", "Portugal",
    "Austria", "Belgium", "Denmark", "Finland", "Greece", "Hungary", "Canada", "Mexico", "Brazil",
    "Chile", "Japan", "Korea", "India", "Kenya", "Egypt", "Morocco",
)  # fmt: skip
TEAMS = (
    "retail", "wholesale", "partners", "students", "shops", "web", "phone", "chat", "claims",
    "renewals", "new customers", "returning customers", "large accounts", "field staff",
    "warehouse", "head office", "nights", "weekends", "pilot", "training",
)  # fmt: skip
MODELS = (
    "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.2",
    "mistral-large-latest", "mistral-small-latest",
)  # fmt: skip
TEMPERATURES = (0, 0.2, 0.5, 0.7, 1, 1.2)
AUTHORS = ("Maria Lopez", "Jonas Weber", "Aisha Khan", "Tom Baker", "Chloé Martin", "Yuki Sato")
DEMO_NOTES = (
    "", "", "Legal asked for this wording", "Answers were too long", "New price list",
    "Customers misread the old text", "Trial for two weeks", "Weekly review", "Typo",
    "As agreed in the team meeting", "The model we used is being retired",
)  # fmt: skip
DEMO_SENTENCES = (
    "Greet the person by name and keep every answer under {n} sentences.",
    "Ask for the order number before you look anything up.",
    "Never promise a refund of more than {n} euros without a colleague's approval.",
    "If the question is about {topic}, point to the page in the help centre.",
    "Write in plain words and avoid abbreviations the customer may not know.",
    "When you are not sure, say so and offer to pass the question on.",
    "Prices include tax unless the customer is in the {team} group.",
    "Deliveries to {place} take {n} working days; never promise an exact hour.",
    "Do not repeat personal details that the person has already given.",
    "Offer the newsletter only after the problem has been solved.",
    "Complaints about {topic} go to the duty manager the same day.",
    "Use the figures in the attached files and name the file you used.",
    "Answer in the language in which the question was asked.",
    "If somebody mentions an injury, give the emergency number first.",
    "Discounts above {n} percent need the code from the current campaign.",
    "Close with one short question that checks whether the answer helped.",
)
TOPICS = ("billing", "delivery", "returns", "warranty", "privacy", "payroll", "travel", "hiring")
FUNCTIONS = (
    ("get_order", "Look up an order by its number.", "order_number"),
    ("check_stock", "Tell how many pieces are in stock.", "article"),
    ("open_ticket", "Open a ticket for a colleague.", "summary"),
    ("get_weather", "Weather at the place of delivery.", "city"),
    ("convert_currency", "Convert an amount at today's rate.", "amount"),
    ("find_employee", "Find a colleague by name or team.", "name"),
)


def demo_sentence(random: Random) -> str:
    return random.choice(DEMO_SENTENCES).format(
        n=random.randint(2, 60),
        topic=random.choice(TOPICS),
        team=random.choice(TEAMS),
        place=random.choice(COUNTRIES),
    )


def instructions(random: Random, length: int, opening: str = "") -> str:
    """Return text of exactly `length` characters, in paragraphs, that begins with `opening`."""
    lines, size = [opening] if opening else [], len(opening)
    while size < length:
        line = " ".join(demo_sentence(random) for _ in range(random.randint(1, 4)))
        lines.append(line)
        size += len(line) + 2
    return fitted("\n\n".join(lines), length)


def fitted(text: str, length: int) -> str:
    """Return `text` with exactly `length` characters, of which the last is no space."""
    return text[:length].rstrip().ljust(length, ".")


def function(random: Random, position: int) -> dict[str, Any]:
    name, description, argument = FUNCTIONS[position % len(FUNCTIONS)]
    return {
        "type": "function",
        "function": {
            "name": name if position < len(FUNCTIONS) else f"{name}_{position}",
            "description": description,
            "parameters": {
                "type": "object",
                "properties": {
                    argument: {"type": "string", "description": f"The {argument} to look for."},
                    "limit": {"type": "integer", "minimum": 1, "maximum": random.randint(5, 50)},
                },
                "required": [argument],
            },
        },
    }


def demo_name(position: int) -> str:
    """A different name for each position below 10,000; then they repeat with a number."""
    task = DEMO_TASKS[position % 20]
    place = COUNTRIES[position // 20 % 25]
    team = TEAMS[position // 500 % 20]
    again = position // 10_000
    return f"{task} {place}, {team}" + (f" ({again + 1})" if again else "")


def code_of(position: int) -> str:
    """A word that the instructions of one assistant only contain."""
    return f"QX{position:06d}"


def definition(
    random: Random, position: int, *, length: int | None = None, functions: int | None = None
) -> Definition:
    """Make the first definition of the assistant at `position`."""
    tools: list[dict[str, Any]] = []
    if random.random() < 0.3:
        tools.append({"type": "code_interpreter"})
    if random.random() < 0.4:
        tools.append({"type": "file_search"})
    wanted = random.choice((0, 0, 1, 2, 3)) if functions is None else functions
    tools += [function(random, number) for number in range(wanted)]
    opening = f"You work for the {demo_name(position)} desk, reference {code_of(position)}."
    return Definition.parse(
        {
            "name": demo_name(position),
            "description": demo_sentence(random),
            "model": random.choice(MODELS),
            "instructions": instructions(random, length or random.randint(400, 2000), opening),
            "tools": tools,
            "metadata": {"team": random.choice(TEAMS), "owner": random.choice(AUTHORS)},
            "temperature": random.choice((None, 0.2, 0.5, 0.7, 1)),
        }
    )


def edited_definition(random: Random, old: Definition) -> dict[str, Any]:
    """Return one changed field with its new value, as a person would change it; never the same."""
    choice = random.random()
    if choice < 0.25:
        text = str(old.value("instructions"))
        return {"instructions": fitted(reworded(random, text, 1), len(text))}
    if choice < 0.5:
        return {"temperature": other(random, TEMPERATURES, old, "temperature")}
    if choice < 0.7:
        return {"model": other(random, MODELS, old, "model")}
    if choice < 0.8:
        return {"description": f"{demo_sentence(random)} ({random.randint(1, 10**6)})"}
    if choice < 0.95:
        reviewed = f"case {random.randint(1, 10**6)}"
        return {"metadata": {**old.value("metadata"), "reviewed": reviewed}}
    tools = old.value("tools")
    functions = [tool for tool in tools if tool["type"] == "function"]
    kept = [tool for tool in tools if tool["type"] != "function"]
    return {"tools": kept + (functions[1:] or [function(random, random.randint(0, 5))])}


def reworded(random: Random, text: str, words: int) -> str:
    """Replace `words` words, spread over the whole text but for both ends, by others."""
    parts = text.split(" ")
    for position in random.sample(range(1, len(parts) - 1), words):
        parts[position] = f"{random.choice(TOPICS)}-{random.randint(1, 10**6)}"
    return " ".join(parts)


def other(random: Random, values: tuple[Any, ...], old: Definition, field: str) -> Any:
    return random.choice([value for value in values if value != old.value(field)])
