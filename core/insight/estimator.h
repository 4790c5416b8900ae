// Estimator: what a run of a flow will take, before it runs: tokens and money of each step and of all, at the
// least, most likely and at the most. Pure; what the store, the profiles and the catalog know is passed in.
// It never blocks a run: it only tells. Source: spec "insight", Before it runs.
//
// What one attempt of an agent takes, best known first:
// - SameStep: what earlier attempts of this step of this flow took, their least, middle and most;
// - SameProfile: the same of other steps with its profile, but never less than it is given;
// - Assumed: what it is given, and 0, 20 000 or 200 000 tokens more (an agent reads files and sends its whole
//   conversation again with each of its turns); it writes 200, 1 500 or 8 000. Nobody measured these.
// What it is given are its prompt, the instructions of its profile, the inputs and what earlier steps hand
// on: 50, 500 or 4 000 tokens each while it is not known (estimateTokens() for texts that are).
//
// How often: a foreach over a list that is not known counts as earlier runs had, else as 1, 5 or 20 items; a
// loop with `until` goes 1 round at the least, 2 or as earlier runs did likely, `max` at the most. A `when`
// may be false: 0 at the least. A switch takes its cheapest branch at the least, its dearest at the most, and
// likely each as often. What only a `goto` leads to counts at the most. Retries count at the most.
//
// Money is what earlier attempts of this step cost, else tokens at the catalog's prices. A price that the
// catalog does not know is not known here; sums then say so and are of the rest.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/insight/range.h"

#include <QJsonObject>

#include <optional>

namespace muster {

// Of a million tokens, in millionths of a dollar.
struct TokenPrices {
    qint64 input = 0;
    qint64 output = 0;
};

enum class EstimateBasis : std::uint8_t { SameStep, SameProfile, Assumed };

template <> struct EnumNames<EstimateBasis> {
    static constexpr std::array table{std::pair{EstimateBasis::SameStep, "same_step"},
                                      std::pair{EstimateBasis::SameProfile, "same_profile"},
                                      std::pair{EstimateBasis::Assumed, "assumed"}};
};

// Of one attempt.
struct PastUse {
    EstimateBasis basis = EstimateBasis::Assumed;
    int samples = 0;
    Range tokensIn;
    Range tokensOut;
    std::optional<Range> cost; // micro-USD, where each of them told
};

// What is known of a step beside the file.
struct StepBasis {
    PastUse past;
    std::optional<Range> handedOn; // tokens of what it gave to later steps in earlier runs
    std::optional<Range> items;    // of a foreach, in earlier runs
    std::optional<Range> rounds;   // of a loop, in earlier runs
    qint64 instructionTokens = 0;  // of its profile
    std::optional<TokenPrices> prices;
    qint64 capMicroUsd = 0; // of one attempt; 0: none
};

struct StepEstimate {
    Range times; // attempts
    bool timesAssumed = false;
    EstimateBasis basis = EstimateBasis::Assumed;
    int samples = 0;
    Range tokensIn;            // of all attempts together
    Range tokensOut;           //
    std::optional<Range> cost; // micro-USD; none: the price is not known
    Range attemptCost;         // of one; 0 while the price is not known
};

enum class CapReach : std::uint8_t { May, Likely };

// A cap that the estimate is over, with the steps that cost the most, dearest first.
struct CapWarning {
    int step = -1; // whose attempts have the cap; -1: the flow
    qint64 capMicroUsd = 0;
    CapReach reach = CapReach::May;
    std::vector<int> blame;
};

struct FlowEstimate {
    std::vector<StepEstimate> steps; // as in the flow; those without an agent are all 0
    Range tokensIn;
    Range tokensOut;
    Range cost;                // of the steps with a price
    std::vector<int> unpriced; // steps that cost something nobody knows
    std::vector<CapWarning> warnings;
};

struct EstimateQuestion {
    const FlowDefinition &flow;
    std::vector<StepBasis> steps; // one for each of the flow's
    QJsonObject inputs;           // as given; a default stands for what is not
    qint64 capMicroUsd = 0;       // of the whole run; 0: none
};

[[nodiscard]] FlowEstimate estimate(const EstimateQuestion &question);

} // namespace muster
