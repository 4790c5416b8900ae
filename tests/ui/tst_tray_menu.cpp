// The tray's menu against a whole node with sessions of the demo agent: what runs is stopped from it, what
// waits leads to its question, all schedules are paused and set going again.
#include "app/window/window_session.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_pause.h"
#include "tests/core/node/task_bed.h"
#include "tests/ui/page_pictures.h"
#include "ui/shell/main_window.h"
#include "ui/shell/tray_menu.h"
#include "ui/widgets/answer_panel.h"

#include <QAbstractButton>
#include <QAction>
#include <QMenu>
#include <QMessageBox>

using namespace muster;
using namespace muster::testing;

class TestTrayMenu : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init();
    void cleanup();
    void quietAtFirst();
    void stopsWhatRuns();
    void leadsToWhatWaits();
    void pausesAllSchedules();
    void isNotMadeAnewWhileItIsOpen();
    void quitAsksWhileAgentsWork();

private:
    // By its words, or how they begin; nullptr: there is none.
    [[nodiscard]] static QAction *in(const QMenu *menu, const QString &words)
    {
        const auto all = menu->actions();
        const auto found = std::ranges::find_if(all, [&](const QAction *action) {
            return QString(action->text()).remove(u'&').startsWith(words);
        });
        return found == all.end() ? nullptr : *found;
    }
    [[nodiscard]] QAction *item(const QString &words) const { return in(m_menu->menu(), words); }
    [[nodiscard]] qint64 pausedUntil() { return pausedUntilIn(*m_bed->node.query(api::ListSettings{})); }

    std::unique_ptr<TaskBed> m_bed;
    std::unique_ptr<app::WindowSession> m_session;
    TrayMenu *m_menu = nullptr;
};

void TestTrayMenu::init()
{
    m_bed = std::make_unique<TaskBed>();
    m_session = std::make_unique<app::WindowSession>(
        &m_bed->node.api(), app::SessionOptions{.theme = u"light"_s, .project = m_bed->path({})});
    m_session->open();
    QTRY_VERIFY(m_session->context().isOpen());
    m_menu = m_session->window().findChild<TrayMenu *>();
    QVERIFY(m_menu);
    m_menu->setActive(true); // as a tray does, which there is none of here
}

void TestTrayMenu::cleanup()
{
    m_session.reset();
    m_bed.reset();
}

void TestTrayMenu::quietAtFirst()
{
    QTRY_VERIFY(item(u"Quiet"_s));
    QVERIFY(!item(u"Quiet"_s)->isEnabled());
    for (const QString &words :
         {u"Open the queue"_s, u"Pause all schedules"_s, u"New conversation"_s, u"Show Muster"_s, u"Quit"_s})
        QTRY_VERIFY2(item(words) && item(words)->isEnabled(), qPrintable(words));
    QVERIFY(!item(u"Answer"_s));
}

void TestTrayMenu::stopsWhatRuns()
{
    const TaskId runs = m_bed->start(u"@@stall say hello"_s, {.title = u"Long & slow"_s});
    QTRY_VERIFY_WITH_TIMEOUT(item(u"Long  slow"_s), patienceMs); // "&&", of which none is a mark
    QVERIFY(item(u"1 working"_s));
    QAction *stop = in(item(u"Long  slow"_s)->menu(), u"Stop"_s);
    QVERIFY(stop);
    stop->trigger();
    QVERIFY(m_bed->becomes(runs, TaskStatus::Cancelled));
    QTRY_VERIFY_WITH_TIMEOUT(item(u"Quiet"_s) && !item(u"Long"_s), patienceMs);
}

void TestTrayMenu::leadsToWhatWaits()
{
    const TaskId asks = m_bed->start(u"@@ask please"_s);
    QTRY_VERIFY_WITH_TIMEOUT(item(u"Answer: "_s), patienceMs);
    const api::InboxInfo waiting = m_bed->node.openItem();
    QCOMPARE(waiting.refs.task, asks);
    item(u"Answer: "_s)->trigger();
    DockPage *inbox = m_session->window().docks().page(u"inbox"_s);
    QTRY_VERIFY(inbox && inbox->isVisible());
    auto *panel = inbox->findChild<AnswerPanel *>();
    QTRY_VERIFY_WITH_TIMEOUT(panel->isVisible() && panel->item() == waiting.id, patienceMs);
    // It has to be read before it is answered.
    QCOMPARE(m_bed->node.query(api::ListInbox{})->size(), 1U);
    QVERIFY(m_bed->node.submit(api::CancelTask{.task = asks}));
    QTRY_VERIFY_WITH_TIMEOUT(!item(u"Answer: "_s), patienceMs);
}

void TestTrayMenu::pausesAllSchedules()
{
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    QTRY_VERIFY(item(u"Pause all schedules"_s));
    in(item(u"Pause all schedules"_s)->menu(), u"For an hour"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pausedUntil() >= before + 3'600'000, patienceMs);
    QVERIFY(pausedUntil() <= QDateTime::currentMSecsSinceEpoch() + 3'600'000);
    QTRY_VERIFY_WITH_TIMEOUT(item(u"All schedules are paused until"_s), patienceMs);
    QVERIFY(!item(u"Pause all schedules"_s));
    item(u"Let all schedules go on"_s)->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(pausedUntil(), 0, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(item(u"Pause all schedules"_s), patienceMs);
    in(item(u"Pause all schedules"_s)->menu(), u"Until tomorrow"_s)->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(pausedUntil(), startOfTomorrow(before), patienceMs);
}

void TestTrayMenu::isNotMadeAnewWhileItIsOpen()
{
    QTRY_VERIFY(item(u"Quiet"_s));
    m_menu->menu()->popup({100, 100});
    QTRY_VERIFY(m_menu->menu()->isVisible());
    const NodeFeed told(&m_bed->node.api()); // after the window's own
    const TaskId runs = m_bed->start(u"@@stall say hello"_s, {.title = u"Long one"_s});
    QVERIFY(m_bed->becomes(runs, TaskStatus::Running));
    QTRY_COMPARE(told.status().running, 1);
    QVERIFY(item(u"Quiet"_s)); // nothing moves under the pointer
    m_menu->menu()->hide();
    QTRY_VERIFY(item(u"Long one"_s));
    QVERIFY(m_bed->node.submit(api::CancelTask{.task = runs}));
    QVERIFY(m_bed->becomes(runs, TaskStatus::Cancelled));
}

void TestTrayMenu::quitAsksWhileAgentsWork()
{
    const TaskId runs = m_bed->start(u"@@stall say hello"_s, {.title = u"Long one"_s});
    QTRY_VERIFY_WITH_TIMEOUT(item(u"Long one"_s), patienceMs);
    item(u"Quit"_s)->trigger();
    QTRY_VERIFY(m_session->window().findChild<QMessageBox *>());
    auto *box = m_session->window().findChild<QMessageBox *>();
    box->button(QMessageBox::Cancel)->click();
    QVERIFY(m_session->window().isVisible());
    QVERIFY(m_bed->node.submit(api::CancelTask{.task = runs}));
    QVERIFY(m_bed->becomes(runs, TaskStatus::Cancelled));
}

QTEST_MAIN(TestTrayMenu)
#include "tst_tray_menu.moc"
