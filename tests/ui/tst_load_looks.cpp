// The load of the swarm where the window shows it, from plain values: the Navigator's top, the status bar,
// the tray's pictures and tooltip, and the queue.
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/project_context.h"
#include "tests/ui/busy_swarm.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/docks/navigator/load_card.h"
#include "ui/docks/queue/queue_page.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/tray.h"
#include "ui/widgets/load_look.h"

#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QTranslator>
#include <QVBoxLayout>

using namespace muster;
using namespace muster::testing;

namespace {

int pixelsOf(const QPixmap &picture, const QColor &color)
{
    const QImage image = picture.toImage();
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return found;
}

} // namespace

class TestLoadLooks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        hushOffscreen();
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QVERIFY(m_english.load(u":/muster/translations/muster_en.qm"_s)); // its plural forms
        QCoreApplication::installTranslator(&m_english);
    }
    void trayHasOnePictureForEachState();
    void redIsAFailureAlone();
    void traySheet();
    void trayTellsThreeThatRun();
    void theCardSaysTheLoad_data();
    void theCardSaysTheLoad();
    void theStripSaysTheLoad_data();
    void theStripSaysTheLoad();
    void queueLooks_data();
    void queueLooks();

private:
    QTranslator m_english;
};

void TestLoadLooks::trayHasOnePictureForEachState()
{
    QSet<QByteArray> seen;
    for (const auto load : {api::SwarmLoad::Quiet, api::SwarmLoad::Working, api::SwarmLoad::Saturated}) {
        for (const int count : {0, 1, 9, 10}) {
            const QImage image = trayPicture(load, count, false, 22).toImage();
            QCOMPARE(image.size(), QSize(22, 22));
            seen.insert(QByteArray(reinterpret_cast<const char *>(image.constBits()), image.sizeInBytes()));
        }
    }
    QCOMPARE(seen.size(), 12);
    QCOMPARE(trayPicture(api::SwarmLoad::Quiet, 10, false, 22).toImage(),
             trayPicture(api::SwarmLoad::Quiet, 99, false, 22).toImage()); // more than nine
    QCOMPARE(trayIcon(api::SwarmLoad::Working, 3, false).availableSizes().size(), 6);
}

void TestLoadLooks::redIsAFailureAlone()
{
    const QColor red(0xb3202f);
    for (const auto load : {api::SwarmLoad::Quiet, api::SwarmLoad::Working, api::SwarmLoad::Saturated}) {
        QCOMPARE(pixelsOf(trayPicture(load, 12, false, 64), red), 0);
        QVERIFY(pixelsOf(trayPicture(load, 12, true, 64), red) > 100);
        QVERIFY(lightColors().*lookOfLoad(load).color != lightColors().failed);
    }
}

// All of them on a light and on a dark panel, to be looked at.
void TestLoadLooks::traySheet()
{
    const QString folder = qEnvironmentVariable("MUSTER_SHOTS");
    if (folder.isEmpty())
        QSKIP("no folder for pictures");
    constexpr int cell = 80;
    QPixmap sheet(cell * 10, cell * 6);
    QPainter painter(&sheet);
    int row = 0;
    for (const auto &[panel, name] :
         {std::pair{QColor(0xf0f0f0), "light"}, std::pair{QColor(0x24272e), "dark"}}) {
        for (const int size : {16, 22, 64}) {
            painter.fillRect(0, row * cell, sheet.width(), cell, panel);
            int column = 0;
            for (const auto load :
                 {api::SwarmLoad::Quiet, api::SwarmLoad::Working, api::SwarmLoad::Saturated}) {
                for (const int count : {0, 3, 12})
                    trayIcon(load, count, false)
                        .paint(&painter, QRect(column++ * cell + 8, row * cell + 8, size, size));
            }
            trayIcon(api::SwarmLoad::Saturated, 2, true)
                .paint(&painter, QRect(column * cell + 8, row * cell + 8, size, size));
            ++row;
        }
    }
    painter.end();
    QVERIFY(sheet.save(QDir(folder).filePath(u"tray-sheet.png"_s)));
}

void TestLoadLooks::trayTellsThreeThatRun()
{
    api::NodeStatus status = statusOf(api::SwarmLoad::Saturated);
    const QStringList lines = trayToolTip(status, 0, now()).split(u'\n');
    QCOMPARE(lines.size(), 5);
    QCOMPARE(lines.front(),
             u"Muster: At capacity · 4 working · 1 in chat · 3 queued · 1 resting · 2 waiting for you"_s);
    QCOMPARE(lines.at(1), u"implement #12 · write the parser · 4 min 12 s · 312 of 800 steps"_s);
    QCOMPARE(lines.at(4), u"+1 more"_s);
    QVERIFY(trayToolTip(status, now() + minuteMs, now()).contains(u"All schedules are paused until"_s));
    QCOMPARE(trayToolTip({}, 0, now()), u"Muster: Quiet"_s);
    status.pausedReason = u"disk_full"_s;
    QVERIFY(trayToolTip(status, 0, now()).split(u'\n').at(1) != lines.at(1)); // that comes first
}

void TestLoadLooks::theCardSaysTheLoad_data()
{
    QTest::addColumn<api::SwarmLoad>("load");
    QTest::addColumn<QString>("name");
    QTest::newRow("quiet") << api::SwarmLoad::Quiet << u"Swarm: Quiet, Nothing runs or waits"_s;
    QTest::newRow("working") << api::SwarmLoad::Working << u"Swarm: Working, 4 working · 1 in chat"_s;
    QTest::newRow("saturated")
        << api::SwarmLoad::Saturated
        << u"Swarm: At capacity, 4 working · 1 in chat · 3 queued · 1 resting · 2 waiting for you"_s;
}

void TestLoadLooks::theCardSaysTheLoad()
{
    QFETCH(const api::SwarmLoad, load);
    QFETCH(const QString, name);
    Theme theme;
    QWidget frame;
    frame.setAutoFillBackground(true);
    auto *column = new QVBoxLayout(&frame);
    column->setContentsMargins(0, 0, 0, 0);
    auto *card = new LoadCard(&frame);
    column->addWidget(card);
    column->addStretch();
    card->setStatus(statusOf(load), api::LinkState::Connected);
    frame.resize(280, 90);
    frame.show();
    QVERIFY(QTest::qWaitForWindowActive(&frame));
    QCOMPARE(card->accessibleName(), name);
    takePictures(frame, theme, u"load-card-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QHelpEvent help(QEvent::ToolTip, card->rect().center(), card->mapToGlobal(card->rect().center()));
    QApplication::sendEvent(card, &help);
    QVERIFY(QToolTip::text().contains(describeLoad(statusOf(load))));
    card->setStatus(statusOf(load), api::LinkState::Lost);
    QVERIFY(!card->isEnabled() && card->accessibleName().contains(u"Connecting"_s));
}

void TestLoadLooks::theStripSaysTheLoad_data() { theCardSaysTheLoad_data(); }

void TestLoadLooks::theStripSaysTheLoad()
{
    QFETCH(const api::SwarmLoad, load);
    Theme theme;
    StatusStrip strip;
    strip.setLink(api::LinkState::Connected);
    strip.setStatus(statusOf(load));
    strip.resize(900, 30);
    strip.show();
    QVERIFY(QTest::qWaitForWindowExposed(&strip));
    const auto buttons = strip.findChildren<QToolButton *>();
    QCOMPARE(buttons.front()->text(), describeLoad(statusOf(load)));
    takePictures(strip, theme, u"strip-"_s + QString::fromLatin1(QTest::currentDataTag()));
    // A message stands alone in its place, whatever is told meanwhile.
    strip.showMessage(u"All schedules are paused until 14:35."_s);
    strip.setStatus(statusOf(api::SwarmLoad::Working));
    QVERIFY(std::ranges::none_of(buttons, &QWidget::isVisible));
    takePictures(strip, theme, u"strip-message"_s);
    strip.clearMessage();
    QVERIFY(buttons.front()->isVisible());
    QCOMPARE(buttons.front()->text(), describeLoad(statusOf(api::SwarmLoad::Working)));
}

void TestLoadLooks::queueLooks_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("full");
    QTest::newRow("wide") << QSize(1100, 330) << true;
    QTest::newRow("low") << QSize(900, 210) << true;
    QTest::newRow("narrow") << QSize(340, 640) << true;
    QTest::newRow("wide-empty") << QSize(1100, 330) << false;
    QTest::newRow("narrow-empty") << QSize(340, 640) << false;
}

void TestLoadLooks::queueLooks()
{
    QFETCH(const QSize, size);
    QFETCH(const bool, full);
    Theme theme;
    MemoryNode node;
    fillQueue(node);
    if (!full) {
        node.tasks.clear();
        node.queue.clear();
        node.status = {};
    }
    NodeFeed feed(&node);
    ProjectContext context(&node);
    context.restore({.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s});
    QueuePage page(&feed, &context, nullptr, &theme);
    page.resize(size);
    page.setVisible(true);
    page.activate();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    auto *list = namedIn<ListView>(&page, u"Running and waiting"_s);
    const QString name = u"queue-"_s + QString::fromLatin1(QTest::currentDataTag());
    if (!full) {
        QTRY_VERIFY(!list->isVisible());
        takePictures(page, theme, name);
        return;
    }
    QTRY_COMPARE(list->model()->rowCount(), 8);
    QVERIFY(size.width() > 340 || page.minimumSizeHint().width() <= 340);
    takePictures(page, theme, name + u"-running"_s);
    list->setCurrentIndex(list->model()->index(5, 0)); // waits for a limit
    QTRY_VERIFY(buttonIn(&page, u"Run now"_s)->isVisible());
    takePictures(page, theme, name + u"-waiting"_s);
    page.show(QueuePage::View::Pools);
    auto *pools = namedIn<ListView>(&page, u"Pools"_s);
    QTRY_COMPARE(pools->model()->rowCount(), 5);
    pools->setCurrentIndex(pools->model()->index(4, 0));
    takePictures(page, theme, name + u"-pools"_s);
}

QTEST_MAIN(TestLoadLooks)
#include "tst_load_looks.moc"
