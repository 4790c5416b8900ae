#include "core/agent/pricing.h"

#include <algorithm>
#include <cmath>

namespace muster {
namespace {

constexpr qint64 mostTokens = 1'000'000'000'000;
constexpr double tokensPerPrice = 1e6;

double at(qint64 tokens, qint64 price)
{
    return static_cast<double>(std::clamp<qint64>(tokens, 0, mostTokens)) * static_cast<double>(price) /
           tokensPerPrice;
}

} // namespace

const RuntimeModel *modelOf(const RuntimeRecord &runtime, QStringView id)
{
    const auto found = std::ranges::find(runtime.models, id, &RuntimeModel::id);
    return found == runtime.models.end() ? nullptr : &*found;
}

bool costIsKnown(const RuntimeRecord &runtime, const QString &model)
{
    const bool saysIt = runtime.abilities.reportsCost ||
                        (runtime.protocol == RuntimeProtocol::StreamJson && runtime.streamJson.reportsCost);
    const RuntimeModel *known = modelOf(runtime, model.isEmpty() ? runtime.defaultModel : model);
    return saysIt || (known && known->prices);
}

qint64 costOf(const Usage &usage, const ModelPrices &prices)
{
    const qint64 in = std::clamp<qint64>(usage.tokensIn, 0, mostTokens);
    const qint64 cached = std::clamp<qint64>(usage.tokensCached, 0, in);
    return std::llround(at(in - cached, prices.input) + at(cached, prices.cached) +
                        at(usage.tokensOut, prices.output));
}

} // namespace muster
