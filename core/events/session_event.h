// What any agent session can say: one closed set for every runtime (spec "agents", Session). An adapter
// turns bytes into these and owns no policy. Value types, any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/events/reasons.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>
#include <vector>

namespace muster {

struct SessionStarted {
    QString nativeId; // the runtime's own id, with which the session can be resumed; may be empty
    QString agentName;
    QString agentVersion;
    QString model; // empty if the runtime does not say
    bool resumed = false;
};

struct TurnStarted {
    int turn = 0; // 1, 2, … within the session
};

// Text is keyed by the message it belongs to, because a runtime that retries repeats it under a new key.
struct TextDelta {
    QString messageId;
    QString text;
};

struct ThinkingDelta {
    QString messageId;
    QString text;
};

enum class ToolKind : std::uint8_t {
    Read,
    Edit,
    Delete,
    Move,
    Search,
    Execute,
    Think,
    Fetch,
    Other,
    StartFlow, // asked of the node itself, never of a runtime
};

struct ToolStarted {
    QString toolId;
    QString title;
    ToolKind kind = ToolKind::Other;
    QStringList paths;
    QJsonObject input;
};

struct ToolOutput {
    QString toolId;
    QString text;
    bool replaces = false; // true: the whole output so far, not a continuation
};

enum class ToolOutcome : std::uint8_t { Ok, Failed, Declined, Cancelled };

struct ToolFinished {
    QString toolId;
    ToolOutcome outcome = ToolOutcome::Ok;
};

struct FileChanged {
    QString path;
};

struct PlanEntry {
    QString text;
    QString status; // pending | in_progress | completed
};

struct PlanUpdated {
    std::vector<PlanEntry> entries;
};

enum class PermissionOptionKind : std::uint8_t { AllowOnce, AllowAlways, RejectOnce, RejectAlways };

struct PermissionOption {
    QString id; // of the runtime; choose by kind, never by id
    QString label;
    PermissionOptionKind kind = PermissionOptionKind::RejectOnce;
};

// What is asked, exactly as it will be done: the command with its arguments, the file with its diff.
struct PermissionRequested {
    QString requestId; // unique within the session
    QString toolId;
    QString title;
    ToolKind kind = ToolKind::Other;
    QStringList paths;
    QString command; // for Execute; else empty
    QString diff;    // unified, for Edit; else empty
    std::vector<PermissionOption> options;
};

struct QuestionAsked {
    QString requestId;
    QString text;
    QStringList choices;  // empty: free text
    QStringList details;  // of the choices, one each; "": nothing is said of it
    bool several = false; // more than one of the choices may be taken
};

// Always of the turn so far: an adapter turns cumulative or per-call numbers into this.
struct Usage {
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 tokensCached = 0;
    std::optional<qint64> costMicroUsd;
};

struct RateLimited {
    bool hard = false;
    std::optional<qint64> resetAtMs;
    QString detail;
    std::optional<int> usedPercent = std::nullopt; // of the limit, 0 to 100; none: not said
};

struct SessionWarning {
    QString code; // for example unknown_message, invalid_utf8, line_too_long
    QString detail;
};

enum class TurnOutcome : std::uint8_t { Completed, Cancelled, Refused, LimitReached, Failed };

struct TurnFinished {
    TurnOutcome outcome = TurnOutcome::Completed;
    std::optional<FailureReason> reason; // set unless Completed
    QString detail;
};

struct SessionEnded {
    std::optional<FailureReason> reason; // none: closed on purpose
    QString detail;
    int exitCode = 0;
};

// Deltas and ToolOutput are shown at once and stored merged; everything else is a durable event of its own.
using SessionEvent =
    std::variant<SessionStarted, TurnStarted, TextDelta, ThinkingDelta, ToolStarted, ToolOutput, ToolFinished,
                 FileChanged, PlanUpdated, PermissionRequested, QuestionAsked, Usage, RateLimited,
                 SessionWarning, TurnFinished, SessionEnded>;

template <> struct EnumNames<ToolKind> {
    static constexpr std::array table{
        std::pair{ToolKind::Read, "read"},     std::pair{ToolKind::Edit, "edit"},
        std::pair{ToolKind::Delete, "delete"}, std::pair{ToolKind::Move, "move"},
        std::pair{ToolKind::Search, "search"}, std::pair{ToolKind::Execute, "execute"},
        std::pair{ToolKind::Think, "think"},   std::pair{ToolKind::Fetch, "fetch"},
        std::pair{ToolKind::Other, "other"},   std::pair{ToolKind::StartFlow, "start_flow"},
    };
};

template <> struct EnumNames<ToolOutcome> {
    static constexpr std::array table{
        std::pair{ToolOutcome::Ok, "ok"},
        std::pair{ToolOutcome::Failed, "failed"},
        std::pair{ToolOutcome::Declined, "declined"},
        std::pair{ToolOutcome::Cancelled, "cancelled"},
    };
};

template <> struct EnumNames<PermissionOptionKind> {
    static constexpr std::array table{
        std::pair{PermissionOptionKind::AllowOnce, "allow_once"},
        std::pair{PermissionOptionKind::AllowAlways, "allow_always"},
        std::pair{PermissionOptionKind::RejectOnce, "reject_once"},
        std::pair{PermissionOptionKind::RejectAlways, "reject_always"},
    };
};

template <> struct EnumNames<TurnOutcome> {
    static constexpr std::array table{
        std::pair{TurnOutcome::Completed, "completed"}, std::pair{TurnOutcome::Cancelled, "cancelled"},
        std::pair{TurnOutcome::Refused, "refused"},     std::pair{TurnOutcome::LimitReached, "limit_reached"},
        std::pair{TurnOutcome::Failed, "failed"},
    };
};

} // namespace muster
