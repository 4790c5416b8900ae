#include "app/hub_agent/serve/updates.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::hub {

namespace {

QString kindOf(const QString &tool)
{
    const QString name = tool.toLower();
    const auto has = [&](std::initializer_list<QLatin1StringView> words) {
        return std::ranges::any_of(words, [&](QLatin1StringView word) { return name.contains(word); });
    };
    if (has({"bash"_L1, "shell"_L1, "command"_L1, "terminal"_L1}))
        return u"execute"_s;
    if (has({"edit"_L1, "write"_L1, "patch"_L1}))
        return u"edit"_s;
    if (has({"search"_L1, "grep"_L1, "glob"_L1}))
        return u"search"_s;
    if (has({"fetch"_L1}))
        return u"fetch"_s;
    return has({"read"_L1}) ? u"read"_s : u"other"_s;
}

} // namespace

QJsonObject costUpdate(double sessionUsd)
{
    return {{"sessionUpdate"_L1, "usage_update"_L1},
            {"cost"_L1, QJsonObject{{"amount"_L1, sessionUsd}, {"currency"_L1, "USD"_L1}}}};
}

QJsonObject usageJson(const PaseoUsage &turn)
{
    return {{"inputTokens"_L1, turn.input},
            {"outputTokens"_L1, turn.output},
            {"cachedReadTokens"_L1, turn.cached}};
}

QJsonObject toolCall(const QString &id, const QString &name)
{
    return {{"sessionUpdate"_L1, "tool_call"_L1},
            {"toolCallId"_L1, id},
            {"title"_L1, name},
            {"kind"_L1, kindOf(name)},
            {"status"_L1, "in_progress"_L1}};
}

QString questionIdOf(const PaseoPermission &permission) { return "permission-"_L1 + permission.id; }

QJsonObject questionOf(const PaseoPermission &permission)
{
    QString title = permission.tool.isEmpty() ? u"a tool"_s : permission.tool;
    if (!permission.description.isEmpty() && permission.description != u"-")
        title += u": "_s + permission.description;
    return {{"toolCallId"_L1, questionIdOf(permission)},
            {"title"_L1, title},
            {"kind"_L1, "other"_L1},
            {"status"_L1, "pending"_L1}};
}

} // namespace muster::hub
