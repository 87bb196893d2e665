"""Rounds of ours and of the bare engine in turns, and what they say together."""

import argparse
import statistics

from bench.side import Side


def in_turns(ours: Side, bare: Side, options: argparse.Namespace) -> dict[str, object]:
    """CPU of both sides: `options.rounds` rounds of `options.calls` calls at `options.rate` a second."""
    ratios: list[float] = []
    our_rounds: list[dict[str, float]] = []
    bare_rounds: list[float] = []
    for side in (ours, bare):  # warm caches, not counted
        side.cpu_round(options.rate, 60)
    for number in range(options.rounds):
        pair: dict[str, dict[str, float]] = {}
        # Every other round starts with the other side, so a drift of the machine hits both.
        for name, side in (("ours", ours), ("bare", bare))[:: -1 if number % 2 else 1]:
            pair[name] = side.cpu_round(options.rate, options.calls)
        our_rounds.append(pair["ours"])
        bare_rounds.append(pair["bare"]["engine"])
        ratios.append(sum(pair["ours"].values()) / pair["bare"]["engine"])
        print(
            f"round {number + 1}: ours {_text(pair['ours'])}, bare {pair['bare']['engine']:.2f} ms per call"
        )
    return {
        "cpu_ratio": round(statistics.median(ratios), 3),
        "cpu_ms": round(statistics.median(sum(parts.values()) for parts in our_rounds), 3),
        "bare_cpu_ms": round(statistics.median(bare_rounds), 3),
        "rounds": len(ratios),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "per_process_ms": {
            name: round(statistics.median(parts[name] for parts in our_rounds), 3) for name in our_rounds[0]
        },
    }


def _text(parts: dict[str, float]) -> str:
    whole = sum(parts.values())
    return f"{whole:.2f} (" + ", ".join(f"{name} {ms:.2f}" for name, ms in parts.items()) + ")"
