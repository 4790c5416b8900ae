#include "core/agent/resolution.h"

#include <QRegularExpression>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr auto accountPart = "account "_L1; // no id of a runtime has a space
} // namespace

QString Resolution::reason() const
{
    return wished.isEmpty() ? by : u"%1; %2: %3"_s.arg(by, wished, enumName(problem));
}

QString Resolution::reasonWith(const QString &account, const QString &why) const
{
    return u"%1; %2%3: %4"_s.arg(reason(), accountPart, account.isEmpty() ? u"(first)"_s : account, why);
}

PassedOver passedOverIn(const QString &reason)
{
    const QString told = reason.section(u"; "_s, 1, 1);
    if (told.startsWith(accountPart))
        return {};
    return {.runtime = told.section(u": "_s, 0, 0), .problem = told.section(u": "_s, 1)};
}

Resolution resolveRuntime(const std::vector<RuntimeWish> &wishes, const QStringList &fallback,
                          const QHash<QString, LaunchProblem> &problems)
{
    const auto wish =
        std::ranges::find_if(wishes, [](const RuntimeWish &one) { return !one.runtime.isEmpty(); });
    if (wish == wishes.end())
        return {};
    const LaunchProblem problem = problems.value(wish->runtime, LaunchProblem::None);
    const auto other = std::ranges::find_if(fallback, [&](const QString &runtime) {
        return runtime != wish->runtime &&
               problems.value(runtime, LaunchProblem::None) == LaunchProblem::None;
    });
    if (problem == LaunchProblem::None || other == fallback.end())
        return {.runtime = wish->runtime, .model = wish->model, .by = wish->by};
    return {.runtime = *other, .model = {}, .by = wish->by, .wished = wish->runtime, .problem = problem};
}

QStringList namesIn(const QString &setting)
{
    static const QRegularExpression between(u"[,\\s]+"_s);
    return setting.split(between, Qt::SkipEmptyParts);
}

} // namespace muster
