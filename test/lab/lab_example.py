#!/usr/bin/env python3
"""Drives `countertap lab` from outside: this script is the card and the test kernel.

    python3 test/lab/lab_example.py scripts/countertap

Nothing but Python's standard library. Each case is one transaction: what the card answers, how the
kernel decides, and what must have happened on the way.
"""
import json
import subprocess
import sys

PPSE = "00A404000E325041592E5359532E444446303100"
AID = "A0000009990101"


class Lab:
    """The lab's end of the port: one JSON object a line, in both directions."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            [*command, "lab"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def send(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def next(self):
        return json.loads(self.process.stdout.readline())

    def request(self, line):
        self.send(line)
        return self.next()

    def activate(self, card, kernel, presence=("present",), **request):
        """One activation; returns what happened and the reply."""
        presence = list(presence)
        happened = []
        self.send({"op": "activate", **request})
        while True:
            line = self.next()
            if line.get("event") == "ui":
                happened.append(f"ui {line['messageId']}")
            elif line.get("event") == "field":
                happened.append("field on" if line["on"] else f"field off {line['holdMs']}")
            elif line.get("ask") == "card":
                self.send({"card": presence.pop(0) if presence else "present"})
            elif line.get("ask") == "exchange":
                happened.append("PPSE" if line["capdu"] == PPSE else line["capdu"][10:-2])
                self.send(card(line["capdu"]))
            elif line.get("ask") == "kernel":
                happened.append(f"kernel {line['kernelId']} at {line['start']}")
                self.send({"outcome": kernel(line)})
            else:
                return happened, line


def tlv(tag, *values):
    value = "".join(values)
    return f"{tag}{len(value) // 2:02X}{value}"


def card_with(*names):
    """A card that offers these applications, the first one with the highest priority."""
    entries = [tlv("61", tlv("4F", name), tlv("87", f"{at + 1:02X}")) for at, name in enumerate(names)]
    directory = tlv("6F", tlv("A5", tlv("BF0C", *entries))) + "9000"

    def answer(capdu):
        if capdu == PPSE:
            return {"rapdu": directory}
        name = capdu[10:-2]
        return {"rapdu": tlv("6F", tlv("84", name), tlv("A5", tlv("50", "54455354"))) + "9000"}

    return answer


def deciding(*outcomes):
    """A test kernel that decides so, one activation after the other."""
    left = list(outcomes)
    return lambda ask: left.pop(0)


def purchase(counter, amount=1000, start="A", **more):
    transaction = {"type": "00", "amountAuthorised": amount, "amountOther": 0, "currency": "0840"}
    return {
        "start": start,
        "transaction": transaction,
        "sequenceCounter": counter,
        "clock": "2026-01-31T12:00:00Z",
        "random": "ABABABAB",
        **more,
    }


def online(lab):
    happened, reply = lab.activate(
        card_with(AID), deciding({"outcome": "onlineRequest", "cvm": "noCvm"}), **purchase(1)
    )
    assert happened == ["ui 15", "field on", "PPSE", AID, "kernel 22 at A"], happened
    assert reply["outcome"]["outcome"] == "onlineRequest", reply
    assert reply["selected"]["adfName"] == AID, reply


def phone(lab):
    see_phone = {
        "outcome": "tryAgain",
        "start": "B",
        "uiOnOutcome": {"messageId": "20", "status": "processingError", "holdMs": 1300},
        "uiOnRestart": {"messageId": "21", "status": "readyToRead"},
        "fieldOffMs": 1300,
    }
    happened, reply = lab.activate(
        card_with(AID), deciding(see_phone, {"outcome": "approved"}), **purchase(2)
    )
    assert happened[5:9] == ["ui 20", "field off 1300", "ui 21", "field on"], happened
    assert happened[-1] == "kernel 22 at B" and reply["outcome"]["outcome"] == "approved", reply


def next_application(lab):
    happened, reply = lab.activate(
        card_with(AID + "01", AID + "02"),
        deciding({"outcome": "selectNext", "start": "C"}, {"outcome": "declined"}),
        **purchase(3),
    )
    assert happened[3:] == [AID + "01", "kernel 22 at A", AID + "02", "kernel 22 at C"], happened
    assert reply["selected"]["adfName"] == AID + "02", reply


def issuer_update(lab):
    again = {"outcome": "onlineRequest", "start": "B", "onlineResponseType": "emvData"}
    lab.activate(card_with(AID), deciding(again), **purchase(4))
    seen = []

    def kernel(ask):
        seen.append(ask["onlineResponse"])
        return {"outcome": "endApplication"}

    answer = "8A023030" + tlv("91", "0102030405060708")
    happened, _ = lab.activate(card_with(AID), kernel, **purchase(4, start="B", onlineResponse=answer))
    assert "PPSE" not in happened and seen == [answer], (happened, seen)


def too_dear(lab):
    happened, reply = lab.activate(card_with(AID), deciding(), **purchase(5, amount=50000))
    assert happened == ["ui 18"], happened
    assert reply["outcome"]["outcome"] == "tryAnotherInterface", reply


def main():
    lab = Lab(sys.argv[1:] or ["scripts/countertap"])
    configuration = {
        "op": "configure",
        "terminal": {"9F1A": "0840"},
        "combinationSets": [
            {
                "transactionTypes": ["00"],
                "combinations": [{"aid": AID, "kernelId": "22"}],
                "readerContactlessTransactionLimit": 50000,
            }
        ],
        "kernels": {"22": "test"},
    }
    assert lab.request(configuration) == {"ok": True}
    cases = [online, phone, next_application, issuer_update, too_dear]
    for case in cases:
        case(lab)
        print(f"passed  {case.__name__.replace('_', ' ')}")
    assert lab.request({"op": "quit"}) == {"ok": True}
    assert lab.process.wait(timeout=10) == 0
    print(f"{len(cases)} of {len(cases)} cases passed")


if __name__ == "__main__":
    main()
