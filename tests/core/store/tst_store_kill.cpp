// kill -9 of a process that writes: every row that was acknowledged is there, and the file is sound.
#include "tests/support/temp_store.h"

#include <QProcess>
#include <QRandomGenerator>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStoreKill : public QObject {
    Q_OBJECT
private slots:
    void acknowledgedRowsSurvive();
};

void TestStoreKill::acknowledgedRowsSurvive()
{
    bool isNumber = false;
    const int asked = qEnvironmentVariableIntValue("MUSTER_KILLS", &isNumber);
    const int kills = isNumber ? asked : 100;
    TempStore temp;
    QVERIFY(temp.connection());
    qint64 total = 0;
    for (int round = 0; round < kills; ++round) {
        QProcess probe;
        probe.start(u"" STORE_PROBE ""_s, {u"ack"_s, temp.options.file});
        QTRY_VERIFY_WITH_TIMEOUT(probe.canReadLine() || probe.state() == QProcess::NotRunning, 30'000);
        QElapsedTimer time;
        time.start();
        const int after = QRandomGenerator::global()->bounded(30);
        while (time.elapsed() < after)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        const qint64 pid = probe.processId();
        probe.kill();
        QTRY_COMPARE_WITH_TIMEOUT(probe.state(), QProcess::NotRunning, 30'000);
        QCOMPARE(probe.exitStatus(), QProcess::CrashExit);
        QList<QByteArray> lines = probe.readAllStandardOutput().split('\n');
        lines.removeLast(); // empty, or cut by the kill
        const auto db = temp.connection();
        QCOMPARE(db->value<QString>(u"PRAGMA quick_check"_s).value().value(), u"ok"_s);
        QVERIFY(!lines.isEmpty());
        for (const QByteArray &line : std::as_const(lines)) {
            const QString key = u"row-"_s + QString::number(pid) + u'-' + QString::fromLatin1(line);
            QVERIFY2(db->value<qint64>(u"SELECT 1 FROM settings WHERE key = ?"_s, key).value(),
                     qPrintable(key));
        }
        total += lines.size();
    }
    qInfo("%d kills, %lld acknowledged rows, none lost", kills, static_cast<long long>(total));
}

QTEST_GUILESS_MAIN(TestStoreKill)
#include "tst_store_kill.moc"
