// A full disk: the writer says so, nothing is half written, and it goes on when there is room again.
#include "tests/support/temp_store.h"

#include <QRegularExpression>

#ifdef Q_OS_LINUX
#include <sys/mount.h>
#endif

using namespace muster;
using namespace Qt::StringLiterals;

class TestStoreDiskFull : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void pausesAndGoesOn();

private:
    QTemporaryDir m_dir;
    bool m_mounted = false;
};

void TestStoreDiskFull::initTestCase()
{
#ifdef Q_OS_LINUX
    m_mounted = mount("muster-test", QFile::encodeName(m_dir.path()).constData(), "tmpfs", 0, "size=2m") == 0;
#endif
    if (!m_mounted)
        QSKIP("NOT TESTED: a full disk needs a small file system, which only root may mount");
}

void TestStoreDiskFull::cleanupTestCase()
{
#ifdef Q_OS_LINUX
    if (m_mounted)
        umount2(QFile::encodeName(m_dir.path()).constData(), MNT_DETACH);
#endif
}

void TestStoreDiskFull::pausesAndGoesOn()
{
    TempStore temp;
    temp.options.file = m_dir.filePath(u"store.db"_s);
    temp.options.writer.retryMs = 20;
    QFile ballast(m_dir.filePath(u"ballast"_s));
    QVERIFY(ballast.open(QIODevice::WriteOnly));
    QCOMPARE(ballast.write(QByteArray(600 * 1024, 'x')), 600 * 1024);
    ballast.close();
    Store *store = temp.open();
    QVERIFY2(store, qPrintable(temp.error.detail));
    QList<WriterState> states;
    connect(&store->writer(), &StoreWriter::stateChanged, this,
            [&](const WriterState &state) { states += state; });
    const auto writePair = [&](int i) {
        return writeAndWait<void>(*store, [i](Connection &db) -> Status {
            for (const QString &half : {u"a"_s, u"b"_s}) {
                const auto ran = db.run(u"INSERT INTO settings(key, value, updated_at) VALUES (?, ?, 0)"_s,
                                        half + QString::number(i), QString(20'000, u'v'));
                if (!ran)
                    return std::unexpected(ran.error());
            }
            return {};
        });
    };
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"store cannot be written.*full"_s));
    int acknowledged = 0;
    std::optional<Status> last;
    while (acknowledged < 1000) {
        last = writePair(acknowledged);
        QVERIFY(last);
        if (!*last)
            break;
        ++acknowledged;
    }
    QVERIFY(acknowledged > 0);
    QCOMPARE(last->error().code, ErrorCode::DiskFull);
    QTRY_VERIFY_WITH_TIMEOUT(!states.isEmpty(), 30'000);
    QVERIFY(states.at(0).paused);
    QCOMPARE(states.at(0).reason, ErrorCode::DiskFull);

    QVERIFY(QFile::remove(ballast.fileName()));
    QTRY_VERIFY_WITH_TIMEOUT(!store->writer().state().paused, 30'000); // without anybody writing
    const auto later = writePair(1000);
    QVERIFY(later && *later);
    const auto db = temp.connection();
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM settings WHERE key LIKE 'a%'"_s).value().value(),
             acknowledged + 1);
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM settings"_s).value().value(), 2 * (acknowledged + 1));
    QCOMPARE(db->value<QString>(u"PRAGMA integrity_check"_s).value().value(), u"ok"_s);
    temp.store.reset();
}

QTEST_GUILESS_MAIN(TestStoreDiskFull)
#include "tst_store_disk_full.moc"
