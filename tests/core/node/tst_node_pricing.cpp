// An agent that says what it has used and not what it costs is priced from the catalog; a model that the
// catalog does not know is used, warned about, and not priced. The agent is a script
// (tests/fixtures/agents/counter.sh).
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodePricing : public QObject {
    Q_OBJECT
private slots:
    void pricedFromTheCatalog_data();
    void pricedFromTheCatalog();

private:
    QTemporaryDir m_folder;
};

void TestNodePricing::pricedFromTheCatalog_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<std::optional<qint64>>("cost");
    QTest::addColumn<bool>("warned");
    // 1 000 000 at 3 dollars, 1 000 000 cached at 0.3, 100 000 out at 15
    QTest::newRow("its default") << QByteArray() << std::optional<qint64>(4'800'000) << false;
    QTest::newRow("another") << QByteArray("cheap") << std::optional<qint64>(480'000) << false;
    QTest::newRow("no price") << QByteArray("secret") << std::optional<qint64>() << false;
    QTest::newRow("not known") << QByteArray("newer") << std::optional<qint64>() << true;
}

void TestNodePricing::pricedFromTheCatalog()
{
    QFETCH(QByteArray, model);
    QFETCH(std::optional<qint64>, cost);
    QFETCH(bool, warned);
    const auto write = [](const QString &path, const QByteArray &content) {
        QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    };
    NodeHarness node(false, [&](const Paths &paths) {
        write(paths.configDir + u"/runtimes/counter.json"_s,
              R"({"id": "counter", "label": "Counter", "protocol": "stream_json",
                  "argv": [")" MUSTER_SOURCE_DIR R"(/tests/fixtures/agents/counter.sh"],
                  "stream_json": {"flags": [], "agent_name": "Counter", "mode": "default", "reports_cost": false},
                  "abilities": {"picks_model": true}, "default_model": "dear", "models": [
                  {"id": "dear", "label": "Dear", "prices": {"input": 3000000, "output": 15000000,
                   "cached": 300000, "currency": "USD", "date": "2026-01-02", "source": "a test"}},
                  {"id": "cheap", "label": "Cheap", "prices": {"input": 300000, "output": 1500000,
                   "cached": 30000, "currency": "USD", "date": "2026-01-02", "source": "a test"}},
                  {"id": "secret", "label": "Secret"}]})");
    });
    write(m_folder.filePath(u"project/flows/own.flow.yaml"_s),
          "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: count, runtime: counter" +
              (model.isEmpty() ? QByteArray() : ", model: " + model) + " }\n");
    const auto run =
        node.submit(StartRun{.project = m_folder.filePath(u"project"_s), .flow = u"own"_s, .trust = true});
    QVERIFY2(run, run ? "" : qPrintable(run.error().detail));
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    const auto usage =
        node.query(ListEvents{.filter = {.run = run->refs.run, .kinds = {u"session.usage"_s}}});
    QVERIFY(usage && !usage->empty());
    const QJsonObject said = usage->back().data;
    QCOMPARE(said.value(u"tokens_in"_s).toInteger(), 2'000'000);
    QCOMPARE(said.value(u"tokens_cached"_s).toInteger(), 1'000'000);
    QCOMPARE(said.value(u"cost_micro_usd"_s).isDouble(), cost.has_value());
    QCOMPARE(said.value(u"cost_micro_usd"_s).toInteger(), cost.value_or(0));
    QCOMPARE(said.value(u"priced"_s).toBool(), cost.has_value());
    const auto tasks = node.query(ListTasks{.run = run->refs.run});
    QVERIFY(tasks && !tasks->empty());
    QCOMPARE(tasks->front().costMicroUsd, cost.value_or(0));
    const auto warnings =
        node.query(ListEvents{.filter = {.run = run->refs.run, .kinds = {u"session.warning"_s}}});
    QVERIFY(warnings);
    QCOMPARE(warnings->size(), size_t{warned ? 1U : 0U});
    if (warned)
        QCOMPARE(warnings->front().data.value(u"detail"_s).toString(), QString::fromUtf8(model));
}

QTEST_GUILESS_MAIN(TestNodePricing)
#include "tst_node_pricing.moc"
