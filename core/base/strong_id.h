// StrongId<Tag>: a row id that cannot be mixed up with another table's. 0 means "none". Any thread.
#pragma once

#include <QHashFunctions>
#include <QString>
#include <QtTypes>

#include <compare>
#include <functional>

namespace muster {

template <typename Tag> struct StrongId {
    qint64 value = 0;

    [[nodiscard]] constexpr bool isValid() const { return value > 0; }
    [[nodiscard]] QString toString() const { return QString::number(value); }
    friend constexpr auto operator<=>(const StrongId &, const StrongId &) = default;
    friend size_t qHash(const StrongId &id, size_t seed = 0) noexcept { return ::qHash(id.value, seed); }
};

using ProjectId = StrongId<struct ProjectTag>;
using RunId = StrongId<struct RunTag>;
using StepRunId = StrongId<struct StepRunTag>;
using TaskId = StrongId<struct TaskTag>;
using SessionId = StrongId<struct SessionTag>;
using ConversationId = StrongId<struct ConversationTag>;
using MessageId = StrongId<struct MessageTag>;
using InboxId = StrongId<struct InboxTag>;
using WorktreeId = StrongId<struct WorktreeTag>;
using PermissionRuleId = StrongId<struct PermissionRuleTag>;

} // namespace muster

template <typename Tag> struct std::hash<muster::StrongId<Tag>> {
    size_t operator()(const muster::StrongId<Tag> &id) const noexcept
    {
        return std::hash<qint64>{}(id.value);
    }
};
