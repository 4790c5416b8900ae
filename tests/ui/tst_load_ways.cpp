// The ways from the load of the swarm to the queue, in a whole window against plain values: the Navigator's
// top, the status bar, the banner of the chat; and the pause of all schedules as the queue tells it.
#include "tests/ui/busy_swarm.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "tests/ui/window_bed.h"
#include "ui/docks/navigator/load_card.h"
#include "ui/docks/queue/queue_page.h"
#include "ui/shell/status_strip.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QDockWidget>
#include <QToolButton>

using namespace muster;
using namespace muster::testing;

class TestLoadWays : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void clicksLeadToWhatRuns_data();
    void clicksLeadToWhatRuns();
    void theBannerLeadsToTheQueue();
    void aPauseOfSchedulesIsSaidAndEnded();
};

void TestLoadWays::clicksLeadToWhatRuns_data()
{
    QTest::addColumn<QString>("by");
    for (const char *by : {"card", "enter", "strip", "action"})
        QTest::newRow(by) << QString::fromLatin1(by);
}

void TestLoadWays::clicksLeadToWhatRuns()
{
    QFETCH(const QString, by);
    Bed bed;
    fillQueue(bed.node);
    bed.node.sendStatus();
    bed.window().docks().open(u"navigator"_s);
    auto *card = bed.window().findChild<LoadCard *>();
    QTRY_VERIFY(card && card->isVisible() && card->accessibleName().contains(u"At capacity"_s));
    if (by == "card"_L1)
        card->click();
    else if (by == "enter"_L1)
        QTest::keyClick(card, Qt::Key_Return);
    else if (by == "strip"_L1)
        bed.window().findChild<StatusStrip *>()->findChildren<QToolButton *>().front()->click();
    else
        bed.window().actions().action(u"queue.running"_s)->trigger();
    auto *page = qobject_cast<QueuePage *>(bed.window().docks().page(u"queue"_s));
    QVERIFY(page);
    auto *list = namedIn<ListView>(page, u"Running and waiting"_s);
    QTRY_COMPARE(list->model()->rowCount(), 4); // what waits is not among them
    QTRY_VERIFY(list->isVisible() && !bed.window().docks().dock(u"queue"_s)->isHidden());
}

void TestLoadWays::theBannerLeadsToTheQueue()
{
    Bed bed;
    bed.fill();
    bed.window().docks().open(u"chat"_s);
    fillQueue(bed.node);
    bed.node.sendStatus();
    DockPage *chat = bed.window().docks().page(u"chat"_s);
    const auto banner = [&]() -> NoticeBanner * {
        const auto all = chat->findChildren<NoticeBanner *>();
        const auto found = std::ranges::find_if(all, [](const NoticeBanner *each) {
            return each->isVisible() && each->text().startsWith(u"At capacity: 4 at work, 3 waiting"_s);
        });
        return found == all.end() ? nullptr : *found;
    };
    QTRY_VERIFY(banner());
    Theme theme;
    chat->resize(700, chat->height());
    takePictures(*chat, theme, u"chat-overload"_s);
    buttonIn(banner(), u"View the queue"_s)->click();
    QTRY_VERIFY(bed.window().docks().page(u"queue"_s) && bed.window().docks().page(u"queue"_s)->isVisible());
    bed.node.status = statusOf(api::SwarmLoad::Working);
    bed.node.sendStatus();
    QTRY_VERIFY(!banner());
}

void TestLoadWays::aPauseOfSchedulesIsSaidAndEnded()
{
    Bed bed;
    const auto pauseUntil = [&](qint64 ms) {
        bed.node.settings = {{.key = u"schedules.paused_until"_s, .value = ms}};
        bed.node.touch(Event{.kind = u"node.setting"_s,
                             .data = {{u"key"_s, u"schedules.paused_until"_s}, {u"value"_s, ms}}});
    };
    pauseUntil(now() + 60 * minuteMs);
    bed.node.status.heldBack = HeldBack::Memory;
    bed.node.sendStatus();
    bed.window().docks().open(u"queue"_s);
    DockPage *page = bed.window().docks().page(u"queue"_s);
    const auto isSaid = [&](const QString &words) {
        const auto all = page->findChildren<NoticeBanner *>();
        return std::ranges::any_of(
            all, [&](const NoticeBanner *each) { return each->isVisible() && each->text().contains(words); });
    };
    QTRY_VERIFY(isSaid(u"All schedules are paused until"_s) && isSaid(u"too little memory is free"_s));
    Theme theme;
    takePictures(*page, theme, u"queue-held"_s);
    buttonIn(page, u"Let them go on"_s)->click();
    QTRY_VERIFY(bed.node.lastCommand<api::SetSetting>());
    QCOMPARE(bed.node.lastCommand<api::SetSetting>()->key, u"schedules.paused_until"_s);
    QVERIFY(bed.node.lastCommand<api::SetSetting>()->value.isNull());
    pauseUntil(0);
    QTRY_VERIFY(!isSaid(u"All schedules"_s));
}

QTEST_MAIN(TestLoadWays)
#include "tst_load_ways.moc"
