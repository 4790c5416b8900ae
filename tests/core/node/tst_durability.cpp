// How safely the store commits is a setting in the store itself: full survives a power cut, normal the death
// of the process. What counts is what SQLite says on the connection that writes.
#include "core/node/service/first_look.h"
#include "core/store/project_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestDurability : public QObject {
    Q_OBJECT
private slots:
    void settingReachesTheWriter_data();
    void settingReachesTheWriter();
};

void TestDurability::settingReachesTheWriter_data()
{
    QTest::addColumn<QJsonValue>("setting"); // undefined: as it comes
    QTest::addColumn<Durability>("wished");
    QTest::addColumn<qint64>("synchronous"); // PRAGMA synchronous: 1 NORMAL, 2 FULL
    QTest::newRow("by default") << QJsonValue(QJsonValue::Undefined) << Durability::Full << qint64{2};
    QTest::newRow("full") << QJsonValue(u"full"_s) << Durability::Full << qint64{2};
    QTest::newRow("normal") << QJsonValue(u"normal"_s) << Durability::Normal << qint64{1};
    QTest::newRow("what is no choice") << QJsonValue(u"off"_s) << Durability::Full << qint64{2};
}

void TestDurability::settingReachesTheWriter()
{
    QFETCH(QJsonValue, setting);
    QFETCH(Durability, wished);
    QFETCH(qint64, synchronous);
    TempStore temp;
    {
        const auto db = temp.connection();
        if (!setting.isUndefined())
            QVERIFY(SettingsRepository(*db).set(u"store.durability"_s, setting, 1));
    }
    temp.options.durability = wishedDurability(temp.options);
    QCOMPARE(temp.options.durability, wished);
    Store *store = temp.open();
    QVERIFY(store);
    const auto said = writeAndWait<std::optional<qint64>>(
        *store, [](Connection &db) { return db.value<qint64>(u"PRAGMA synchronous"_s); });
    QVERIFY(said);
    VERIFY_RESULT(*said);
    QCOMPARE(**said, synchronous);
}

QTEST_GUILESS_MAIN(TestDurability)
#include "tst_durability.moc"
