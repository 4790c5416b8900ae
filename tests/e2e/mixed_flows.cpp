#include "tests/e2e/mixed_flows.h"

namespace muster::e2e {

using namespace Qt::StringLiterals;

namespace {

// @NOTE@ says that the attempt came; @ACT@ is a command that does so and takes a moment.
const QByteArray note = R"(printf "%s\n" "$MUSTER_GUARD" >> "${{ inputs.effects }}")";

QByteArray filled(QByteArray text)
{
    const QByteArray head =
        "inputs: { effects: { type: string }, side: { type: string }, breaks: { type: boolean } }\n";
    return text.replace("@INPUTS@\n", head)
        .replace("@ACT@", "'@NOTE@; sleep 0.05; echo done'")
        .replace("@NOTE@", note);
}

// Branches, conditions, groups, what comes finally.
const QByteArray branches = R"(muster: 1
name: branches
@INPUTS@
defaults: { timeout: 5m, isolation: none }
groups:
  trio: { steps: [g1, g2, g3], mode: sequence, needs: [route] }
  pair: { steps: [p1, p2, p3], limit: 2, join: all_done, needs: [first] }
steps:
  - { id: first, run: @ACT@ }
  - { id: look, needs: [first], prompt: "How many tests are there?" }
  - id: route
    needs: [first]
    switch:
      - { case: left, when: "${{ inputs.side === 'left' }}", then: [l1, l2] }
      - { case: right, when: "${{ inputs.side === 'right' }}", then: [r1] }
      - { default: [d1] }
  - { id: l1, needs: [route], run: @ACT@ }
  - { id: l2, needs: [route, l1], run: @ACT@ }
  - { id: r1, needs: [route], prompt: "Read src and summarise it in two lines." }
  - { id: d1, needs: [route], run: @ACT@ }
  - { id: spreads, needs: [first], when: false, skip: propagate, run: @ACT@ }
  - { id: spread, needs: [spreads], run: @ACT@ }
  - { id: maybe, needs: [first], when: "${{ inputs.side === 'left' }}", run: @ACT@ }
  - { id: joined, needs: [l2, r1, d1, look, maybe], run: @ACT@ }
  - { id: g1, run: @ACT@ }
  - { id: g2, run: @ACT@ }
  - { id: g3, prompt: "How large is this repository?" }
  - { id: p1, run: @ACT@ }
  - { id: p2, optional: true, run: '@NOTE@; exit 3' }
  - { id: p3, run: @ACT@ }
  - { id: soonest, needs: [l1, r1, d1], trigger: one_success, run: @ACT@ }
  - { id: last, needs: [joined, trio, pair, spread, soonest], trigger: all_done, run: @ACT@ }
finally:
  - { id: sweep, run: @ACT@ }
  - { id: tell, needs: [sweep], script: "steps.route.label + ' ' + steps.trio.status" }
)";

// Loops, retries with a backoff, delays, scripts.
const QByteArray rounds = R"(muster: 1
name: rounds
@INPUTS@
defaults: { timeout: 5m, isolation: none }
steps:
  - { id: first, run: @ACT@ }
  - id: polish
    needs: [first]
    loop:
      max: 6
      until: "${{ loop.index >= 2 && steps.check.exit_code === 3 }}"
      steps:
        - { id: work, run: @ACT@ }
        - { id: check, needs: [work], on_error: continue, run: '@NOTE@; exit 3' }
        - { id: think, needs: [work], prompt: "Read src and summarise it in two lines." }
  - id: counted
    needs: [first]
    loop:
      max: 3
      steps:
        - { id: part, foreach: "${{ loop.index < 2 ? [1, 2] : [7] }}", run: @ACT@ }
  - id: flaky
    needs: [first]
    retries: { max: 3, on: [gate_failed], backoff: 200ms }
    run: '@NOTE@; case "$MUSTER_GUARD" in *"#1"|*"#2") exit 3;; esac; echo third'
  - { id: rest, needs: [first], delay: 400ms }
  - { id: later, needs: [rest], delay: "${{ 2 + '00ms' }}" }
  - { id: sum, needs: [polish, counted], script: "return steps.polish.json.rounds * 10 + steps.counted.json.rounds" }
  - { id: never, needs: [first], optional: true, retries: { max: 1, on: [gate_failed], backoff: 100ms }, run: '@NOTE@; exit 4' }
  - { id: last, needs: [sum, flaky, later], run: '@NOTE@; echo ${{ steps.sum.json }}' }
finally:
  - { id: sweep, run: @ACT@ }
)";

// Lists, batches, joins, worktrees of the run and of items.
const QByteArray fans = R"(muster: 1
name: fans
@INPUTS@
defaults: { timeout: 5m, isolation: none }
permissions: { write: ["*.md"] }
batches: { few: { max_concurrent: 2 }, one: { max_concurrent: 1 } }
steps:
  - { id: parts, output: json, run: '@NOTE@; echo "[1,2,3,4]"' }
  - { id: each, needs: [parts], foreach: "${{ steps.parts.json }}", as: part, batch: few, run: @ACT@ }
  - id: narrow
    needs: [parts]
    foreach: "${{ steps.parts.json }}"
    as: part
    batch: one
    retries: { max: 2, on: [gate_failed], backoff: 100ms }
    run: '@NOTE@; case "$MUSTER_GUARD" in *"[2]#1") exit 3;; esac; echo ${{ part }}'
  - { id: some, needs: [parts], foreach: "${{ steps.parts.json }}", as: part, join: all_done, run: '@NOTE@; [ ${{ part }} != 2 ]' }
  - { id: readers, needs: [parts], foreach: [src, docs], as: path, batch: few, prompt: "Read ${{ path }} and summarise it in two lines." }
  - { id: empty, needs: [parts], foreach: "${{ [] }}", run: @ACT@ }
  - { id: note, needs: [parts], isolation: run, prompt: "write HELLO.md with a greeting" }
  - { id: file, needs: [note], isolation: run, run: '@NOTE@; echo text >> made.txt' }
  - { id: own, needs: [parts], foreach: [a, b], as: part, isolation: step, run: '@NOTE@; echo ${{ part }} >> made.txt' }
  - { id: last, needs: [each, narrow, some, readers, empty, file, own], run: '@NOTE@; echo "${{ steps.some.items.map(i => i.exit_code) }} ${{ steps.narrow.outputs }}"' }
)";

// Failures: made good, jumped from, let be, and one that ends the run when all else has settled.
const QByteArray mends = R"(muster: 1
name: mends
@INPUTS@
defaults: { timeout: 5m, isolation: none }
steps:
  - { id: risky, on_error: goto mend, run: '@NOTE@; exit 3' }
  - { id: onward, needs: [risky], run: @ACT@ }
  - { id: mend, run: @ACT@ }
  - { id: fine, on_error: goto unused, run: @ACT@ }
  - { id: unused, run: @ACT@ }
  - { id: joined, needs: [onward, mend, fine, unused], run: @ACT@ }
  - { id: shrug, on_error: continue, retries: { max: 1, on: [gate_failed], backoff: 50ms }, run: '@NOTE@; exit 4' }
  - { id: after, needs: [shrug], run: @ACT@ }
  - { id: tried, optional: true, run: '@NOTE@; exit 5' }
  - { id: anyway, needs: [tried], trigger: all_done, prompt: "How many tests are there?" }
  - { id: throws, optional: true, needs: [joined], script: "return steps.joined.output.nothing.at(1);" }
  - { id: breaks, needs: [joined, after, anyway, throws], trigger: all_done, when: "${{ inputs.breaks }}", run: '@NOTE@; exit 6' }
  - { id: hopeless, needs: [breaks], run: @ACT@ }
  - { id: whatever, needs: [hopeless], trigger: always, run: @ACT@ }
finally:
  - { id: sweep, run: @ACT@ }
)";

// Persons, and gates beside them.
const QByteArray asks = R"(muster: 1
name: asks
@INPUTS@
defaults: { timeout: 5m, isolation: none }
steps:
  - { id: first, run: @ACT@ }
  - { id: agreed, needs: [first], approval: { ask: "yes to the first", show: "${{ steps.first.output }}" } }
  - { id: refused, needs: [first], approval: { ask: "no to this" } }
  - { id: late, needs: [first], approval: { ask: "nobody answers", timeout: 700ms } }
  - { id: overdue, needs: [first], optional: true, approval: { ask: "nobody at all", timeout: 900ms, on_timeout: fail } }
  - { id: gate, needs: [first], run: '@NOTE@; sleep 0.3; test -e "${{ inputs.effects }}"' }
  - { id: goes, needs: [agreed], when: "${{ steps.agreed.approved }}", run: @ACT@ }
  - { id: rests, needs: [refused], when: "${{ steps.refused.approved }}", run: @ACT@ }
  - { id: tells, needs: [goes, gate], prompt: "How many tests are there?" }
  - { id: again, needs: [tells, rests, late], approval: { ask: "yes to the last" } }
  - { id: last, needs: [again, overdue], trigger: all_done, run: @ACT@ }
)";

} // namespace

const std::vector<MixedFlow> &mixedFlows()
{
    static const std::vector<MixedFlow> flows{{u"branches"_s, filled(branches)},
                                              {u"rounds"_s, filled(rounds)},
                                              {u"fans"_s, filled(fans)},
                                              {u"mends"_s, filled(mends)},
                                              {u"asks"_s, filled(asks)}};
    return flows;
}

QByteArray realAgentsFlow(const QString &folder)
{
    QByteArray text = R"(muster: 1
name: real
@INPUTS@
defaults: { timeout: 5m, isolation: none }
permissions: { write: ["**"] }
steps:
  - { id: first, run: @ACT@ }
  - { id: claude1, needs: [first], runtime: claude, prompt: "%%say 3%%" }
  - { id: claude2, needs: [claude1], runtime: claude, prompt: "%%write @FOLDER@/claude.txt%%" }
  - { id: codex1, needs: [first], runtime: codex, prompt: "%%say 3%%" }
  - { id: codex2, needs: [codex1], runtime: codex, prompt: "%%write @FOLDER@/codex.txt%%" }
  - { id: last, needs: [claude2, codex2], run: @ACT@ }
)";
    return filled(text.replace("@FOLDER@", folder.toUtf8()));
}

} // namespace muster::e2e
