#include "core/insight/branch_shares.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace muster {

namespace {

class Shares {
public:
    Shares(const FlowDefinition &flow, const std::vector<Weight> &weights)
        : m_flow(flow)
        , m_weights(weights)
        , m_shares(flow.steps.size())
        , m_excludedNeeds(flow.steps.size(), 0)
        , m_isExcluded(flow.steps.size(), 0)
        , m_timesOut(flow.steps.size(), 0)
    {
    }

    std::vector<Share> run()
    {
        conditions();
        jumps();
        // An inner switch before the one whose branch it is in.
        const std::vector<int> order = inOrder();
        for (const int step : order | std::views::reverse) {
            if (at(step).kind == StepKind::Switch)
                decide(at(step));
        }
        return std::move(m_shares);
    }

private:
    struct Outcome {
        std::vector<int> excluded;
        double low = 0; // what is left out
        double high = 0;
    };

    void conditions();
    void jumps();
    void decide(const StepDefinition &chooser);
    [[nodiscard]] Outcome outcome(std::vector<int> leftOut);
    [[nodiscard]] std::vector<int> spread(std::vector<int> excluded);
    [[nodiscard]] std::vector<int> inOrder() const;
    [[nodiscard]] const StepDefinition &at(int step) const { return m_flow.step(step); }
    [[nodiscard]] Share &share(int step) { return m_shares[static_cast<size_t>(step)]; }

    const FlowDefinition &m_flow;
    const std::vector<Weight> &m_weights;
    std::vector<Share> m_shares;
    std::vector<int> m_excludedNeeds; // scratch of spread(), 0 between two calls
    std::vector<char> m_isExcluded;   // the same
    std::vector<int> m_timesOut;      // scratch of decide(): outcomes that leave a step out
};

void Shares::conditions()
{
    for (int i = 0; i < m_flow.stepCount(); ++i) {
        const std::optional<FlowText> &when = at(i).when;
        if (!when)
            continue;
        const QString said = when->expressions.value(0);
        if (said == u"false")
            share(i) = {.low = 0, .likely = 0, .high = 0};
        else if (said != u"true")
            share(i).low = 0;
        for (const int within : at(i).body)
            share(within) = share(i);
    }
}

void Shares::jumps()
{
    std::vector<int> targets;
    for (int i = 0; i < m_flow.stepCount(); ++i) {
        if (!at(i).jumpedFrom.empty())
            targets.push_back(i);
    }
    for (const int step : spread(targets))
        share(step).low = share(step).likely = 0;
}

// Steps by their needs, earlier ones first.
std::vector<int> Shares::inOrder() const
{
    std::vector<size_t> open(m_flow.steps.size());
    std::vector<int> order;
    for (int i = 0; i < m_flow.stepCount(); ++i) {
        open[static_cast<size_t>(i)] = at(i).needs.size();
        if (at(i).needs.empty())
            order.push_back(i);
    }
    for (size_t next = 0; next < order.size(); ++next) {
        for (const int after : at(order[next]).neededBy) {
            if (--open[static_cast<size_t>(after)] == 0)
                order.push_back(after);
        }
    }
    return order;
}

// Exclusion spreads to a step all of whose needs are excluded, unless it waits for them however they end.
std::vector<int> Shares::spread(std::vector<int> excluded)
{
    for (const int step : excluded)
        m_isExcluded[static_cast<size_t>(step)] = 1;
    const auto exclude = [&](int step) {
        if (m_isExcluded[static_cast<size_t>(step)] != 0)
            return;
        m_isExcluded[static_cast<size_t>(step)] = 1;
        excluded.push_back(step);
    };
    size_t next = 0; // more come while it goes on
    while (next < excluded.size()) {
        const StepDefinition &from = at(excluded[next++]);
        for (const int within : from.body)
            exclude(within);
        for (const int after : from.neededBy) {
            const bool waits =
                at(after).trigger == StepTrigger::AllDone || at(after).trigger == StepTrigger::Always;
            const auto needs = static_cast<int>(at(after).needs.size());
            if (++m_excludedNeeds[static_cast<size_t>(after)] == needs && !waits)
                exclude(after);
        }
    }
    for (const int step : excluded) {
        m_isExcluded[static_cast<size_t>(step)] = 0;
        for (const int after : at(step).neededBy)
            m_excludedNeeds[static_cast<size_t>(after)] = 0;
    }
    return excluded;
}

Shares::Outcome Shares::outcome(std::vector<int> leftOut)
{
    Outcome out{.excluded = spread(std::move(leftOut))};
    for (const int step : out.excluded) {
        const Weight &weight = m_weights[static_cast<size_t>(step)];
        out.low += weight.low * share(step).low;
        out.high += weight.high * share(step).high;
    }
    return out;
}

void Shares::decide(const StepDefinition &chooser)
{
    std::vector<int> all;
    for (const SwitchCase &one : chooser.cases)
        all.insert(all.end(), one.then.begin(), one.then.end());
    std::ranges::sort(all);
    const auto [first, last] = std::ranges::unique(all);
    all.erase(first, last);

    std::vector<Outcome> outcomes;
    bool hasDefault = false;
    for (const SwitchCase &one : chooser.cases) {
        std::vector<int> others;
        std::vector<int> then = one.then;
        std::ranges::sort(then);
        std::ranges::set_difference(all, then, std::back_inserter(others));
        outcomes.push_back(outcome(std::move(others)));
        hasDefault = hasDefault || one.label == u"default";
    }
    if (!hasDefault)
        outcomes.push_back(outcome(all)); // none of them holds
    // The cheapest course leaves out the most.
    const auto cheapest = std::ranges::max_element(outcomes, {}, &Outcome::low);
    const auto dearest = std::ranges::min_element(outcomes, {}, &Outcome::high);
    for (const int step : cheapest->excluded)
        share(step).low = 0;
    for (const int step : dearest->excluded)
        share(step).high = 0;
    for (const Outcome &one : outcomes) {
        for (const int step : one.excluded)
            ++m_timesOut[static_cast<size_t>(step)];
    }
    for (const Outcome &one : outcomes) {
        for (const int step : one.excluded) {
            const int out = std::exchange(m_timesOut[static_cast<size_t>(step)], 0);
            share(step).likely *= 1.0 - (static_cast<double>(out) / static_cast<double>(outcomes.size()));
        }
    }
}

} // namespace

std::vector<Share> branchShares(const FlowDefinition &flow, const std::vector<Weight> &weights)
{
    return Shares(flow, weights).run();
}

} // namespace muster
