// A node with a trusted project, and what schedules do there: made, fired by hand, and looked at.
#pragma once

#include "tests/core/node/node_harness.h"

namespace muster::testing {

class ScheduleGround {
public:
    explicit ScheduleGround(const Clock *clock = nullptr)
        : node(false, {}, clock)
    {
        (void)node.submit(api::TrustProject{.path = m_project.path()});
    }

    // Fires only by hand.
    [[nodiscard]] ScheduleId make(api::ScheduleSpec spec)
    {
        if (spec.name.isEmpty())
            spec.name = QStringLiteral("nightly");
        if (spec.when.isEmpty())
            spec.when = QStringLiteral("yearly");
        const auto done = node.submit(api::SaveSchedule{.project = m_project.path(), .spec = spec});
        return ScheduleId{done ? done->text.toLongLong() : 0};
    }
    // A flow of that name, as YAML after its name, before it is trusted again.
    void putFlow(const QString &name, const QByteArray &rest)
    {
        put(QStringLiteral("flows/%1.flow.yaml").arg(name),
            "muster: 1\nname: " + name.toUtf8() + '\n' + rest);
        (void)node.submit(api::TrustProject{.path = m_project.path()});
    }
    void put(const QString &relative, const QByteArray &text) const
    {
        QFile file(m_project.filePath(relative));
        QVERIFY(QDir().mkpath(QFileInfo(file.fileName()).path()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    [[nodiscard]] FiringId fire(ScheduleId id)
    {
        const auto done = node.submit(api::RunScheduleNow{.schedule = id, .atCapacity = AtCapacity::Queue});
        return FiringId{done ? done->text.toLongLong() : 0};
    }
    [[nodiscard]] api::ScheduleDetail show(ScheduleId id)
    {
        return node.query(api::ShowSchedule{.schedule = id}).value_or(api::ScheduleDetail{});
    }
    // As it is once it has ended.
    [[nodiscard]] api::FiringInfo ended(ScheduleId schedule, FiringId firing)
    {
        api::FiringInfo info;
        (void)waitFor([&] {
            const auto firings = show(schedule).firings;
            const auto found = std::ranges::find(firings, firing, &api::FiringInfo::id);
            if (found != firings.end())
                info = *found;
            return info.completedAt > 0;
        });
        return info;
    }
    [[nodiscard]] api::FiringInfo fired(ScheduleId schedule) { return ended(schedule, fire(schedule)); }
    [[nodiscard]] std::vector<api::InboxInfo> inbox(InboxKind kind, bool openOnly = true)
    {
        auto items = node.query(api::ListInbox{.openOnly = openOnly}).value_or(std::vector<api::InboxInfo>());
        std::erase_if(items, [&](const api::InboxInfo &item) { return item.kind != kind; });
        return items;
    }
    [[nodiscard]] QList<qint64> processes() const { return processesIn(m_project.path()); }
    [[nodiscard]] QString folder() const { return m_project.path(); }

private:
    QTemporaryDir m_project; // outlives the node

public:
    NodeHarness node;
};

} // namespace muster::testing
