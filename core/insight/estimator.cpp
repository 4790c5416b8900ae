#include "core/insight/estimator.h"

#include "core/insight/branch_shares.h"
#include "core/insight/token_count.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr Range kAssumedMoreIn{.low = 0, .likely = 20'000, .high = 200'000};
constexpr Range kAssumedOut{.low = 200, .likely = 1'500, .high = 8'000};
constexpr Range kAssumedHandedOn{.low = 50, .likely = 500, .high = 4'000};
constexpr Range kAssumedItems{.low = 1, .likely = 5, .high = 20};
constexpr qint64 kAssumedRounds = 2;
constexpr double kPerMillion = 1'000'000;
constexpr size_t kMostBlamed = 3;

qint64 priceOf(qint64 tokensIn, qint64 tokensOut, const TokenPrices &prices)
{
    const double micro = static_cast<double>(tokensIn) * static_cast<double>(prices.input) +
                         static_cast<double>(tokensOut) * static_cast<double>(prices.output);
    return std::llround(micro / kPerMillion);
}

Range priceOf(const Range &tokensIn, const Range &tokensOut, const TokenPrices &prices)
{
    return {.low = priceOf(tokensIn.low, tokensOut.low, prices),
            .likely = priceOf(tokensIn.likely, tokensOut.likely, prices),
            .high = priceOf(tokensIn.high, tokensOut.high, prices)};
}

Range times(const Range &one, const Range &count)
{
    return {.low = one.low * count.low, .likely = one.likely * count.likely, .high = one.high * count.high};
}

Range most(const Range &a, const Range &b)
{
    return {.low = std::max(a.low, b.low),
            .likely = std::max(a.likely, b.likely),
            .high = std::max(a.high, b.high)};
}

Range shared(const Range &all, const Share &share)
{
    const auto part = [](qint64 value, double of) {
        return std::llround(static_cast<double>(value) * of);
    };
    return {.low = part(all.low, share.low),
            .likely = part(all.likely, share.likely),
            .high = part(all.high, share.high)};
}

class Estimator {
public:
    explicit Estimator(const EstimateQuestion &question)
        : m_question(question)
        , m_flow(question.flow)
    {
    }

    FlowEstimate run()
    {
        m_estimate.steps.resize(m_flow.steps.size());
        for (int i = 0; i < m_flow.stepCount(); ++i)
            m_allPriced = m_allPriced && (m_flow.step(i).kind != StepKind::Agent || isPriced(i));
        std::vector<Weight> weights;
        for (int i = 0; i < m_flow.stepCount(); ++i) {
            count(i);
            if (m_flow.step(i).kind == StepKind::Agent)
                attempt(i);
            weights.push_back(weightOf(i));
        }
        const std::vector<Share> shares = branchShares(m_flow, weights);
        for (int i = 0; i < m_flow.stepCount(); ++i)
            total(i, shares[static_cast<size_t>(i)]);
        warn();
        return std::move(m_estimate);
    }

private:
    void count(int step);
    void attempt(int step);
    void total(int step, const Share &share);
    void warn();
    void warnOver(int step, qint64 cap, const Range &cost, std::vector<int> blame);
    [[nodiscard]] Range itemsOf(int step, bool &assumed) const;
    [[nodiscard]] Range roundsOf(int loop, bool &assumed) const;
    [[nodiscard]] Range givenTo(int step) const;
    [[nodiscard]] Range handedOnBy(int step) const;
    [[nodiscard]] qint64 inputTokens(const QString &expression) const;
    [[nodiscard]] Weight weightOf(int step) const;
    [[nodiscard]] const StepBasis &basis(int step) const
    {
        return m_question.steps[static_cast<size_t>(step)];
    }
    [[nodiscard]] bool isPriced(int step) const
    {
        const PastUse &past = basis(step).past;
        return basis(step).prices || (past.basis == EstimateBasis::SameStep && past.cost);
    }
    [[nodiscard]] StepEstimate &of(int step) { return m_estimate.steps[static_cast<size_t>(step)]; }
    [[nodiscard]] const StepEstimate &of(int step) const
    {
        return m_estimate.steps[static_cast<size_t>(step)];
    }

    const EstimateQuestion &m_question;
    const FlowDefinition &m_flow;
    FlowEstimate m_estimate;
    bool m_allPriced = true;
};

Range Estimator::itemsOf(int step, bool &assumed) const
{
    const std::optional<FlowText> &list = m_flow.step(step).foreach;
    if (!list)
        return {.low = 1, .likely = 1, .high = 1};
    const auto written = QJsonDocument::fromJson(list->expressions.value(0).toUtf8());
    if (written.isArray()) {
        const qint64 items = written.array().size();
        return {.low = items, .likely = items, .high = items};
    }
    assumed = assumed || !basis(step).items;
    return basis(step).items.value_or(kAssumedItems);
}

Range Estimator::roundsOf(int loop, bool &assumed) const
{
    if (loop < 0)
        return {.low = 1, .likely = 1, .high = 1};
    const StepDefinition &step = m_flow.step(loop);
    if (!step.until)
        return {.low = step.mostRounds, .likely = step.mostRounds, .high = step.mostRounds};
    assumed = assumed || !basis(loop).rounds;
    const qint64 likely = basis(loop).rounds.value_or(Range{.likely = kAssumedRounds}).likely;
    return {.low = 1, .likely = std::min<qint64>(likely, step.mostRounds), .high = step.mostRounds};
}

void Estimator::count(int step)
{
    const StepDefinition &definition = m_flow.step(step);
    if (!definition.isWork())
        return;
    StepEstimate &made = of(step);
    made.times = times(itemsOf(step, made.timesAssumed), roundsOf(definition.loop, made.timesAssumed));
    made.times.high *= 1 + definition.retries.max;
}

// Of what is known of it; what it wrote in all is more than what it hands on.
Range Estimator::handedOnBy(int step) const
{
    const Range one = basis(step).handedOn.value_or(kAssumedHandedOn);
    bool assumed = false;
    return m_flow.step(step).foreach ? times(one, itemsOf(step, assumed)) : one;
}

qint64 Estimator::inputTokens(const QString &expression) const
{
    qint64 tokens = 0;
    for (const FlowInput &input : m_flow.inputs) {
        if (!expression.contains(u"inputs."_s + input.name))
            continue;
        const QJsonValue given = m_question.inputs.value(input.name);
        tokens += estimateTokens((given.isUndefined() ? input.defaultValue : given).toVariant().toString());
    }
    return tokens;
}

Range Estimator::givenTo(int step) const
{
    const StepDefinition &definition = m_flow.step(step);
    qint64 fixed = basis(step).instructionTokens;
    for (const QString &literal : definition.text.literals)
        fixed += estimateTokens(literal);
    for (const QString &expression : definition.text.expressions)
        fixed += inputTokens(expression);
    Range given{.low = fixed, .likely = fixed, .high = fixed};
    const QString expressions = definition.text.expressions.join(u'\n');
    for (const QString &read : definition.references) {
        const int from = m_flow.indexOf(read);
        if (from >= 0 && expressions.contains(read))
            given += handedOnBy(from);
    }
    return given;
}

void Estimator::attempt(int step)
{
    StepEstimate &made = of(step);
    const PastUse &past = basis(step).past;
    made.basis = past.basis;
    made.samples = past.samples;
    switch (past.basis) {
    case EstimateBasis::SameStep:
        made.tokensIn = past.tokensIn;
        made.tokensOut = past.tokensOut;
        break;
    case EstimateBasis::SameProfile:
        made.tokensIn = most(past.tokensIn, givenTo(step));
        made.tokensOut = past.tokensOut;
        break;
    case EstimateBasis::Assumed:
        made.tokensIn = givenTo(step);
        made.tokensIn += kAssumedMoreIn;
        made.tokensOut = kAssumedOut;
        break;
    }
    if (isPriced(step))
        made.attemptCost = past.basis == EstimateBasis::SameStep && past.cost
                               ? *past.cost
                               : priceOf(made.tokensIn, made.tokensOut, *basis(step).prices);
    made.tokensIn = times(made.tokensIn, made.times);
    made.tokensOut = times(made.tokensOut, made.times);
    if (isPriced(step))
        made.cost = times(made.attemptCost, made.times);
}

// In money where all prices are known, else in tokens, so that branches can be compared.
Weight Estimator::weightOf(int step) const
{
    const StepEstimate &made = of(step);
    Range weight = made.tokensIn;
    weight += made.tokensOut;
    if (m_allPriced)
        weight = made.cost.value_or(Range{});
    return {.low = static_cast<double>(weight.low),
            .likely = static_cast<double>(weight.likely),
            .high = static_cast<double>(weight.high)};
}

void Estimator::total(int step, const Share &share)
{
    StepEstimate &made = of(step);
    made.times = shared(made.times, share);
    if (m_flow.step(step).kind != StepKind::Agent)
        return;
    made.tokensIn = shared(made.tokensIn, share);
    made.tokensOut = shared(made.tokensOut, share);
    m_estimate.tokensIn += made.tokensIn;
    m_estimate.tokensOut += made.tokensOut;
    if (made.cost) {
        made.cost = shared(*made.cost, share);
        m_estimate.cost += *made.cost;
    } else if (made.times.high > 0) {
        m_estimate.unpriced.push_back(step);
    }
}

void Estimator::warnOver(int step, qint64 cap, const Range &cost, std::vector<int> blame)
{
    if (cap <= 0 || cost.high <= cap)
        return;
    m_estimate.warnings.push_back({.step = step,
                                   .capMicroUsd = cap,
                                   .reach = cost.likely > cap ? CapReach::Likely : CapReach::May,
                                   .blame = std::move(blame)});
}

void Estimator::warn()
{
    std::vector<int> dearest;
    for (int i = 0; i < m_flow.stepCount(); ++i) {
        if (of(i).cost && of(i).cost->high > 0)
            dearest.push_back(i);
    }
    std::ranges::sort(dearest, [this](int a, int b) {
        return std::pair(of(a).cost->likely, of(a).cost->high) >
               std::pair(of(b).cost->likely, of(b).cost->high);
    });
    std::vector<int> blamed = dearest;
    blamed.resize(std::min(blamed.size(), kMostBlamed));
    warnOver(-1, m_question.capMicroUsd, m_estimate.cost, std::move(blamed));
    for (const int step : dearest)
        warnOver(step, basis(step).capMicroUsd, of(step).attemptCost, {step});
}

} // namespace

FlowEstimate estimate(const EstimateQuestion &question) { return Estimator(question).run(); }

} // namespace muster
