#include "core/events/session_event.h"

#include "core/base/json_codec.h"
#include "core/events/event.h"

namespace muster {

template <> struct Fields<SessionStarted> {
    using T = SessionStarted;
    static constexpr auto list = std::tuple{field("native_id", &T::nativeId), field("agent", &T::agentName),
                                            field("agent_version", &T::agentVersion),
                                            field("model", &T::model), field("resumed", &T::resumed)};
};
template <> struct Fields<TurnStarted> {
    static constexpr auto list = std::tuple{field("turn", &TurnStarted::turn)};
};
template <> struct Fields<TextDelta> {
    static constexpr auto list =
        std::tuple{field("message", &TextDelta::messageId), field("text", &TextDelta::text)};
};
template <> struct Fields<ThinkingDelta> {
    static constexpr auto list =
        std::tuple{field("message", &ThinkingDelta::messageId), field("text", &ThinkingDelta::text)};
};
template <> struct Fields<ToolStarted> {
    using T = ToolStarted;
    static constexpr auto list =
        std::tuple{field("tool", &T::toolId), field("title", &T::title), field("tool_kind", &T::kind),
                   field("paths", &T::paths), field("input", &T::input)};
};
template <> struct Fields<ToolOutput> {
    using T = ToolOutput;
    static constexpr auto list =
        std::tuple{field("tool", &T::toolId), field("text", &T::text), field("replaces", &T::replaces)};
};
template <> struct Fields<ToolFinished> {
    static constexpr auto list =
        std::tuple{field("tool", &ToolFinished::toolId), field("outcome", &ToolFinished::outcome)};
};
template <> struct Fields<FileChanged> {
    static constexpr auto list = std::tuple{field("path", &FileChanged::path)};
};
template <> struct Fields<PlanEntry> {
    static constexpr auto list =
        std::tuple{field("text", &PlanEntry::text), field("status", &PlanEntry::status)};
};
template <> struct Fields<PlanUpdated> {
    static constexpr auto list = std::tuple{field("entries", &PlanUpdated::entries)};
};
template <> struct Fields<PermissionOption> {
    using T = PermissionOption;
    static constexpr auto list =
        std::tuple{field("id", &T::id), field("label", &T::label), field("kind", &T::kind)};
};
template <> struct Fields<PermissionRequested> {
    using T = PermissionRequested;
    static constexpr auto list = std::tuple{field("request", &T::requestId), field("tool", &T::toolId),
                                            field("title", &T::title),       field("tool_kind", &T::kind),
                                            field("paths", &T::paths),       field("command", &T::command),
                                            field("diff", &T::diff),         field("options", &T::options)};
};
template <> struct Fields<QuestionAsked> {
    using T = QuestionAsked;
    static constexpr auto list =
        std::tuple{field("request", &T::requestId), field("text", &T::text), field("choices", &T::choices),
                   field("details", &T::details), field("several", &T::several)};
};
template <> struct Fields<Usage> {
    using T = Usage;
    static constexpr auto list =
        std::tuple{field("tokens_in", &T::tokensIn), field("tokens_out", &T::tokensOut),
                   field("tokens_cached", &T::tokensCached), field("cost_micro_usd", &T::costMicroUsd)};
};
template <> struct Fields<RateLimited> {
    using T = RateLimited;
    static constexpr auto list =
        std::tuple{field("hard", &T::hard), field("reset_at", &T::resetAtMs), field("detail", &T::detail),
                   field("used_percent", &T::usedPercent)};
};
template <> struct Fields<SessionWarning> {
    static constexpr auto list =
        std::tuple{field("code", &SessionWarning::code), field("detail", &SessionWarning::detail)};
};
template <> struct Fields<TurnFinished> {
    using T = TurnFinished;
    static constexpr auto list =
        std::tuple{field("outcome", &T::outcome), field("reason", &T::reason), field("detail", &T::detail)};
};
template <> struct Fields<SessionEnded> {
    using T = SessionEnded;
    static constexpr auto list = std::tuple{field("reason", &T::reason), field("detail", &T::detail),
                                            field("exit_code", &T::exitCode)};
};

namespace {

// In the order of the variant; part of the store's format.
constexpr std::array kinds{
    "session.started",        "session.turn_started",
    "session.text",           "session.thinking",
    "session.tool_started",   "session.tool_output",
    "session.tool_finished",  "session.file_changed",
    "session.plan_updated",   "session.permission_requested",
    "session.question_asked", "session.usage",
    "session.rate_limited",   "session.warning",
    "session.turn_finished",  "session.ended",
};
static_assert(kinds.size() == std::variant_size_v<SessionEvent>);

template <size_t I = 0> std::optional<SessionEvent> parseAs(size_t index, const QJsonObject &data)
{
    if constexpr (I < std::variant_size_v<SessionEvent>) {
        if (index != I)
            return parseAs<I + 1>(index, data);
        auto parsed = fromJsonObject<std::variant_alternative_t<I, SessionEvent>>(data);
        return parsed ? std::optional<SessionEvent>(std::move(*parsed)) : std::nullopt;
    } else {
        return std::nullopt;
    }
}

} // namespace

QString kindOf(const SessionEvent &event) { return QString::fromLatin1(kinds.at(event.index())); }

QJsonObject toJson(const SessionEvent &event)
{
    return std::visit([](const auto &e) { return toJsonObject(e); }, event);
}

std::optional<SessionEvent> sessionEventFromJson(const QString &kind, const QJsonObject &data)
{
    const auto *found =
        std::ranges::find_if(kinds, [&](const char *k) { return kind == QLatin1StringView(k); });
    return parseAs(static_cast<size_t>(found - kinds.begin()), data);
}

} // namespace muster
