"""Plays call scenarios on a real installation: builds the company over the API, places the calls, compares."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from tests.harness import scenario
from tests.harness.clock import ClockedInstance
from tests.harness.company import PASSWORD, Company, Line
from tests.harness.ear import is_loud, tones
from tests.harness.instance import wait_for
from tests.harness.phones import Running, SipPhone
from tests.harness.scenario import BadScenario, Scenario
from tests.harness.softphone import baresip
from tests.harness.sounds import tone_bytes
from tests.harness.tones import samples

ZONE = "Europe/Moscow"
# Hz: the tone of a ringing number, and the first note of the exchange's own music.
RINGING, HOUSE_MUSIC = 425, 440
# What people say: each line of a company in its order, the city, and who calls.
LINE_SAYS, CITY_SAYS, CALLER_SAYS = (1900, 100), 2900, 3100
CITY = "127.0.0.60"  # the address of the operator's partner: calls to and from the city
STRANGER = "79165550011"  # who calls over a client's own line of another operator
STAYS_S = 60.0  # a scenario that names no moment is content with this much after its clock


class City:
    """The switch of the operator's partner: numbers outside the exchange, one call at a time."""

    def __init__(self, instance: ClockedInstance) -> None:
        self.port_of = instance.config.sip_port
        self.switch = SipPhone(self.port_of, "switch", None, ip=CITY, hertz=CITY_SAYS)
        operator = instance.operator_id()
        trunk = instance.api.post(
            f"/clients/{operator}/ports",
            {
                "name": "Город",
                "connection": "trunk",
                "remote_host": CITY,
                "remote_port": self.switch.port,
                "networks": [f"{CITY}/32"],
            },
        )
        instance.api.post("/routes", {"prefix": "", "trunk_ids": [trunk["id"]]})
        instance.wait_active(operator)

    def caller(self, digits: str, ip: str = CITY) -> SipPhone:
        return SipPhone(self.port_of, digits.lstrip("+"), None, ip=ip, hertz=CALLER_SAYS)


class Stage:
    """One scenario at a time on one installation."""

    def __init__(self, instance: ClockedInstance) -> None:
        self.instance = instance
        self.city = City(instance)
        self._clock: tuple[str, float] | None = None
        self._count = 0

    def play(self, played: Scenario) -> None:
        """Raises AssertionError at the first difference."""
        self._count += 1
        company = _Built(self, played, f"{self._count}. {played.name}"[:80])
        for number, call in enumerate(played.calls, start=1):
            self.set_clock(str(call.get("clock", played.clock)))
            _Play(self, company, call, f"{played.name}, call {number} ({call.get('title', '')})").run(number)

    def set_clock(self, moment: str) -> None:
        """Moscow time as `2026-11-25 12:00`."""
        now = time.monotonic()
        if self._clock and self._clock[0] == moment and now - self._clock[1] < STAYS_S:
            return
        self.instance.set_clock(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE)))
        self._clock = (moment, now)


class _Built:
    """The company of a scenario and the ids of its things by name."""

    def __init__(self, stage: Stage, played: Scenario, name: str) -> None:
        given = dict(played.text.get("company") or {})
        fields = {"area_code": "495", "time_zone": ZONE, **given.pop("fields", {})}
        self.company = company = Company(stage.instance, name, **fields)
        self.ids: dict[str, int] = {}
        self.lines: dict[str, Line] = {}
        self.step_names: dict[int, str] = {}
        self.tones: dict[str, float] = {"гудки": RINGING, "город": CITY_SAYS, "музыка станции": HOUSE_MUSIC}
        for digits, port in (given.pop("lines", None) or {}).items():
            line = company.line(str(digits), **(port or {}))
            self.lines[str(digits)] = line
            line.phone.hertz = LINE_SAYS[0] + LINE_SAYS[1] * len(self.lines)
            self.tones[str(digits)] = line.phone.hertz
            self.ids |= {f"port {digits}": line.port_id, f"number {digits}": line.number_id}
        for digits in given.pop("numbers", []):
            text = str(digits)
            made = company.external(text[1:]) if text.startswith("+") else company.number(text)
            self.ids[f"number {text}"] = made
        for sound, hertz in (given.pop("sounds", None) or {}).items():
            upload = company.api.upload(
                f"{company.path}/sounds", {"name": sound}, "tone.wav", tone_bytes(float(hertz))
            )
            self.ids[f"sound {sound}"] = int(upload["id"])
            self.tones[str(sound)] = float(hertz)
        if hertz := given.pop("music", None):
            self.tones["музыка"] = float(hertz)
            package = company.api.get(f"{company.path}/packages")["items"][0]["id"]  # the one marked *
            company.api.upload(
                f"{company.path}/packages/{package}/files", {}, "tone.wav", tone_bytes(float(hertz))
            )
        if given:
            raise BadScenario(f"unknown in `company`: {sorted(given)}")
        for thing in played.text.get("make") or []:
            self._make(dict(thing))
        for digits, steps in (played.text.get("numbers") or {}).items():
            self._dialplan(str(digits), steps)
        company.wait_active()

    def _make(self, thing: dict[str, Any]) -> None:
        """`{post: classifiers, as: classifier VIP, body: {…}}` or `{patch: …, body: …}`; `@name` anywhere is an id."""
        way = next(way for way in ("post", "patch") if way in thing)
        path = "/".join(str(scenario.resolved(part, self.find)) for part in thing[way].split("/"))
        method = self.company.api.patch if way == "patch" else self.company.api.post
        made = method(f"{self.company.path}/{path}", scenario.resolved(thing.get("body", {}), self.find))
        if "as" in thing:
            self.ids[thing["as"]] = int(made["id"])
        digits_of = {line.port_id: digits for digits, line in self.lines.items()}
        for agent in (made or {}).get("agents", []):
            self.ids[f"agent {digits_of.get(agent['port_id'], agent['title'])}"] = agent["id"]

    def _dialplan(self, digits: str, steps: list[dict[str, Any]]) -> None:
        if f"number {digits}" not in self.ids:
            self.ids[f"number {digits}"] = self.company.number(digits)
        saved = self.company.dialplan(self.find(f"number {digits}"), [self._step(dict(one)) for one in steps])
        for step, given in zip(saved["steps"], steps, strict=True):
            self.step_names[step["id"]] = str(given.get("name", given["level"]))

    def _step(self, given: dict[str, Any]) -> dict[str, Any]:
        known = {"level", "name", "do", "action", "timeout", "when", "extras", "limits", *scenario.TARGETS}
        if unknown := set(given) - known:
            raise BadScenario(f"unknown in a step: {sorted(unknown)}")
        action = given.get("action")
        return {
            "id": None,
            "level": given["level"],
            "action": scenario.resolved(action, self.find) if action else self._action(str(given["do"])),
            "timeout_s": given.get("timeout"),
            "targets": scenario.targets(given),
            "calendar": scenario.calendar(given.get("when")),
            "extras": given.get("extras"),
            "limits": given.get("limits"),
        }

    def _action(self, do: str) -> dict[str, Any]:
        """`port 101`, `sound moh`, `hangup 21`, `fax`, `ring port 101, forwarding Дача`, … in a word."""
        kind, _, name = do.partition(" ")
        if kind == "hangup":
            return {"kind": kind, "cause": int(name or 16)}
        if kind == "ring":
            things = [one.strip() for one in name.split(",")]
            return {
                "kind": kind,
                "port_ids": [self.find(one) for one in things if one.startswith("port ")],
                "forwarding_ids": [self.find(one) for one in things if one.startswith("forwarding ")],
            }
        if kind == "callback":
            return {"kind": kind, "number_id": self.find(f"number {name}")}
        return {"kind": kind} | ({f"{kind}_id": self.find(do)} if name else {})

    def find(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError:
            raise BadScenario(f"nothing is called «{name}»; there are {sorted(self.ids)}") from None


class _Play:
    """One call of a scenario."""

    KNOWN = frozenset({
        "title", "clock", "from", "to", "phones", "told", "hears", "talk", "cancels", "ends", "keys", "rang",
        "result", "cause", "path", "answered_by", "rows", "later", "early",
        "recordings", "messages",
    })  # fmt: skip

    def __init__(self, stage: Stage, built: _Built, call: Mapping[str, Any], title: str) -> None:
        if unknown := set(call) - self.KNOWN:
            raise BadScenario(f"{title}: unknown {sorted(unknown)}")
        self.heard: list[int] = []
        self.words = False  # whether there was any sound, speech included
        self.stage, self.built, self.call, self.title = stage, built, call, title
        self.caller = str(call["from"])
        self.called = str(call["to"])

    def run(self, number: int) -> None:
        with self._phones() as waiting:
            self.heard = self._press() if "keys" in self.call else self._dial()
            if later := [str(name) for name in self.call.get("later", [])]:
                wait_for(lambda: all(_was_called(waiting[name]) for name in later), 15, lambda: self.title)
            rang = sorted(name for name, phone in waiting.items() if _was_called(phone))
        self._compare(number, rang)

    @contextmanager
    def _phones(self) -> Iterator[dict[str, Running]]:
        """Everybody's phone behaves as the call says; a line nobody speaks of answers."""
        waiting: dict[str, Running] = {}
        behaviours = {name: "answers" for name in self.built.lines if name != self.caller}
        behaviours |= {str(name): str(how) for name, how in (self.call.get("phones") or {}).items()}
        try:
            for name, how in behaviours.items():
                waits = how in scenario.BEHAVIOURS or scenario.PRESSES.fullmatch(how)
                if not waits and not scenario.DIALS.fullmatch(how):
                    raise BadScenario(f"{self.title}: a phone cannot be «{how}»")
                phone = self.stage.city.switch if name.startswith("+") else self.built.lines[name].phone
                if phone.password is not None:
                    phone.register(expires=0 if how == "away" else 300)
                if waits and how != "away":
                    waiting[name] = _behave(phone, how)
            self._queues_know(behaviours)
            yield waiting
        finally:
            for running in waiting.values():
                running.stop()

    def _queues_know(self, behaviours: Mapping[str, str]) -> None:
        """Waits until the engine's queues have seen which agents' telephones are there (about a second late)."""
        for name, queue_id in self.built.ids.items():
            if name.startswith("queue "):
                wait_for(partial(self._state_is, queue_id, behaviours), 15, lambda: self.title)

    def _state_is(self, queue_id: int, behaviours: Mapping[str, str]) -> bool:
        shown = self.stage.instance.engine(f"queue show q{queue_id}").splitlines()
        for name, how in behaviours.items():
            if name.startswith("+"):
                continue
            login = self.built.lines[name].phone.login
            row = next((row for row in shown if f"(PJSIP/{login} " in row), None)
            if row is not None and ("Unavailable" if how == "away" else "Not in use") not in row:
                return False
        return True

    def _dial_too(self) -> list[Running]:
        """Phones that dial by themselves while the call rings, waits in a queue or is in a room."""
        running = []
        for name, how in (self.call.get("phones") or {}).items():
            if match := scenario.DIALS.fullmatch(str(how)):
                wait_for(self._is_under_way, 20, lambda: self.title)
                phone, told = self.built.lines[str(name)].phone, int(match["told"] or 200)
                talks = int(match["talks"] or 0) * 1000
                running.append(
                    phone.start_call(match["digits"], status=told, callee_ends=not talks, talk_ms=talks)
                )
        return running

    def _is_under_way(self) -> bool:
        engine = self.stage.instance.engine
        if "!ConfBridge!" in engine("core show channels concise"):
            # A room counts a participant half a second after it has let him in.
            return any(row.split()[1:2] == ["1"] for row in engine("confbridge list").splitlines())
        return "!Ringing!" in engine("core show channels concise")

    def _dial(self) -> list[int]:
        """With SIPp; the tones the caller heard, in order."""
        told = int(self.call.get("told", 200))
        kind, _, address = self.caller.partition(" ")
        if kind == "line":
            phone = self.stage.city.caller(STRANGER, address)
        elif self.caller.startswith("+"):
            phone = self.stage.city.caller(self.caller)
        else:
            phone = self.built.lines[self.caller].phone
            phone.register()
        cancels = self.call.get("cancels")
        running = phone.start_call(
            self.called.lstrip("+"),
            status=told,
            talk_ms=int(float(self.call.get("talk", 0.6)) * 1000),
            cancel_ms=None if cancels is None else int(float(cancels) * 1000),
            callee_ends=self.call.get("ends") == "exchange",
            early=183 if self.call.get("early") else 180,
        )
        others: list[Running] = []
        try:
            others = self._dial_too()
            for one in (*others, running):
                one.wait(60)
            self.words = running.heard_words()
            return running.heard()
        except AssertionError as error:
            raise AssertionError(f"{self.title}: {error}") from None
        finally:
            for one in (*others, running):
                one.stop()

    def _press(self) -> list[int]:
        """With a real softphone, on which `keys` are pressed; the tones heard, in order."""
        line = self.built.lines[self.caller].phone
        with baresip(self.stage.instance.config.sip_port, line.login, PASSWORD, CALLER_SAYS) as phone:
            phone.dial(self.called)
            for key in str(self.call["keys"]):
                if key == ",":
                    phone.pause(1)
                elif key == "?":
                    phone.wait_sound()
                else:
                    phone.press(key)
                    phone.forget()

            def all_heard() -> bool:
                sound, rate = samples(phone.heard())
                self.heard, self.words = tones(sound, rate), is_loud(sound)
                return self._missed() is None

            wait_for(all_heard, 20, lambda: str(self._missed()))
            if self.call.get("ends") == "exchange":
                phone.wait_log("session closed")
            else:
                phone.pause(float(self.call.get("talk", 0)))
                phone.hang_up()
            return self.heard

    def _missed(self) -> str | None:
        """What of `hears` was not heard in this order; what came besides is not looked at, unless it was «nothing»."""
        wanted = self.call["hears"]
        if wanted == "nothing":
            return f"{self.title}: heard {self.heard}" if self.heard else None
        if wanted == "слова":
            return None if self.words else f"{self.title}: heard nothing"
        rest = iter(self.heard)
        for one in wanted if isinstance(wanted, list) else [wanted]:
            hertz = self.built.tones.get(str(one)) or float(one)
            if not any(abs(got - hertz) < hertz * 0.03 for got in rest):
                return f"{self.title}: heard {self.heard}, not «{one}» ({hertz:.0f} Hz) there"
        return None

    def _left(self, wanted: Mapping[str, Any]) -> None:
        """`messages: {Почта: 1}`: so many lie in these boxes, the newest one of this caller and with sound in it."""
        for name, count in wanted.items():
            path = f"{self.built.company.path}/mailboxes/{self.built.find(f'mailbox {name}')}/messages"
            get = partial(self.built.company.api.get, path)
            wait_for(partial(_has, get, int(count)), 15, lambda: f"{self.title}: messages of {wanted}")
            newest = get()["items"][0]
            assert newest["caller"].lstrip("+") == self.caller.lstrip("+"), f"{self.title}: {newest}"
            assert newest["duration_ms"] > 500, f"{self.title}: {newest}"
            audio = self.built.company.api.get_bytes(f"{path}/{newest['id']}/audio")
            said = tones(*samples(audio))
            wanted_hz = self.built.tones.get(self.caller, CALLER_SAYS)
            assert any(abs(one - wanted_hz) < 100 for one in said), f"{self.title}: the message holds {said}"

    def _recorded(self, call_id: int, wanted: int) -> None:
        """A call has so many recordings. None: neither attached nor a file of the engine's that waits for that."""

        def attached() -> int:
            return len(self.built.company.card(call_id)["recordings"])

        if wanted:
            wait_for(lambda: attached() == wanted, 15, lambda: f"{self.title}: {attached()} recordings")
        else:
            waiting = self.stage.instance.config.recordings_dir / "new" / str(self.built.company.id)
            assert attached() == 0 and not list(waiting.glob("*")), self.title

    def _compare(self, number: int, rang: list[str]) -> None:
        call = self.call
        assert rang == sorted(map(str, call["rang"])), f"{self.title}: rang {rang}"
        missed = self._missed()
        assert missed is None, missed
        expected = {name: call[name] for name in ("result", "cause", "answered_by") if name in call}
        rows = self.built.company.calls(int(call.get("rows", number)))
        if any(scenario.DIALS.fullmatch(str(how)) for how in (call.get("phones") or {}).values()):
            shown = STRANGER if self.caller.startswith("line ") else self.caller
            rows = [one for one in rows if (one["caller"], one["called"]) == (shown, self.called)]
        row = max(rows, key=lambda one: int(one["id"]))  # not by its time: the clock may have been set back
        if "recordings" in call:
            self._recorded(row["id"], int(call["recordings"]))
        card = self.built.company.card(row["id"])
        got = {name: row[name] for name in expected}
        assert got == expected, f"{self.title}: {got}, wanted {expected}; path {card['path']}"
        path = scenario.path_text(card["path"], self.built.step_names)
        assert scenario.same_path(path, str(call["path"])), f"{self.title}: path {path}"
        self._left(call.get("messages", {}))


def _behave(phone: SipPhone, how: str) -> Running:
    if pressed := scenario.PRESSES.fullmatch(how):
        return phone.answer(keys=pressed["keys"])
    match how:
        case "answers and hangs up":
            return phone.answer(talk_ms=400)
        case "rings":
            return phone.let_ring()
        case "busy":
            return phone.refuse("486 Busy Here")
        case "declines":
            return phone.refuse("603 Decline")
        case _:
            return phone.answer()


def _has(get: Callable[[], Any], count: int) -> bool:
    return bool(get()["total"] == count)


def _was_called(running: Running) -> bool:
    return "INVITE sip:" in running.messages()
