// The Schedules dock against a node, and finding what is in it.
#pragma once

#include "core/viewmodel/describe.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_model.h"
#include "core/viewmodel/schedule_pause.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/dialogs/schedule_dialog.h"
#include "ui/docks/schedules/schedule_view.h"
#include "ui/docks/schedules/schedules_page.h"

#include <QSignalSpy>
#include <QTreeView>

namespace muster::testing {

class SchedulesBed {
public:
    SchedulesBed(api::NodeApi &node, const QString &project, const QSize &size = {1100, 760})
        : m_feed(&node)
        , m_context(&node)
        , m_pause(&m_feed)
    {
        QObject::connect(&m_context, &ProjectContext::failed, &m_context,
                         [this](const Error &error) { errors += describe(error); });
        m_context.open(project);
        if (!QTest::qWaitFor([this] { return m_context.isOpen(); }, 60'000))
            qFatal("the project did not open");
        m_page = std::make_unique<SchedulesPage>(&m_feed, &m_context, &m_pause, &m_theme);
        QObject::connect(m_page.get(), &SchedulesPage::resumeAllWanted, &m_pause,
                         [this] { m_pause.pauseUntil(0); });
        m_page->resize(size);
        m_page->show();
        m_page->activate();
        if (!QTest::qWaitForWindowExposed(m_page.get()))
            qFatal("the page did not show");
    }

    [[nodiscard]] SchedulesPage &page() const { return *m_page; }
    [[nodiscard]] ProjectContext &context() { return m_context; }
    [[nodiscard]] NodeFeed &feed() { return m_feed; }
    [[nodiscard]] SchedulePause &pause() { return m_pause; }
    [[nodiscard]] Theme &theme() { return m_theme; }
    [[nodiscard]] ListView *list() const
    {
        return namedIn<ListView>(m_page.get(), QStringLiteral("Schedules"));
    }
    [[nodiscard]] QTreeView *firings() const
    {
        return namedIn<QTreeView>(m_page.get(), QStringLiteral("Firings"));
    }
    [[nodiscard]] QStringList listed() const
    {
        QStringList out;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            out += list()->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
        return out;
    }
    [[nodiscard]] QPushButton *button(const QString &text) const { return buttonIn(m_page.get(), text); }
    [[nodiscard]] const api::ScheduleInfo &schedule() const
    {
        return m_page->view().model().detail().schedule;
    }
    // The dialog that is open over the page; nullptr: none is.
    template <typename D> [[nodiscard]] D *dialog() const
    {
        const auto all = m_page->findChildren<D *>();
        const auto found = std::ranges::find_if(all, [](const D *one) { return one->isVisible(); });
        return found == all.end() ? nullptr : *found;
    }

    QStringList errors;

private:
    Theme m_theme;
    NodeFeed m_feed;
    ProjectContext m_context;
    SchedulePause m_pause;
    std::unique_ptr<SchedulesPage> m_page;
};

} // namespace muster::testing
