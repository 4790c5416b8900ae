// What steps and items of lists are called: the same words in the window, in the terminal and in what the
// node names itself.
#include "core/events/step_title.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/step_names.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStepNames : public QObject {
    Q_OBJECT
private slots:
    void labels_data();
    void labels();
    void titles();
    void learnsItems();
    void learnsKeptItems();
    void sentencesHaveTheName();
};

void TestStepNames::labels_data()
{
    QTest::addColumn<QJsonValue>("item");
    QTest::addColumn<QString>("label");
    QTest::newRow("its name") << QJsonValue(QJsonObject{{u"path"_s, u"src"_s}, {u"name"_s, u"core"_s}})
                              << u"core"_s;
    QTest::newRow("its path") << QJsonValue(QJsonObject{{u"path"_s, u"src"_s}, {u"size"_s, 4}}) << u"src"_s;
    QTest::newRow("neither") << QJsonValue(QJsonObject{{u"size"_s, 4}}) << u"{\"size\":4}"_s;
    QTest::newRow("a text") << QJsonValue(u"tests"_s) << u"tests"_s;
    QTest::newRow("a number") << QJsonValue(7) << u"7"_s;
    QTest::newRow("one line") << QJsonValue(u" a\n\tb "_s) << u"a b"_s;
    QTest::newRow("not endless") << QJsonValue(QString(500, u'x')) << QString(QString(79, u'x') % u'…');
    QTest::newRow("nothing") << QJsonValue() << QString();
}

void TestStepNames::labels()
{
    QFETCH(QJsonValue, item);
    QFETCH(QString, label);
    QCOMPARE(itemLabel(item), label);
}

void TestStepNames::titles()
{
    QCOMPARE(stepTitle(u"read"_s, -1, {}), u"read"_s);
    QCOMPARE(stepTitle(u"read"_s, 0, u"larder"_s), u"read · larder"_s);
    QCOMPARE(stepTitle(u"read"_s, 0, {}), u"read 1"_s);
    QCOMPARE(itemTitle(u"read"_s, 0, u"larder"_s), u"larder"_s);
    QCOMPARE(itemTitle(u"read"_s, 0, {}), u"read 1"_s);
}

namespace {

Event eventOf(const QString &kind, const QJsonObject &data, StepRunId step = {})
{
    return {.kind = kind, .refs = {.run = RunId{1}, .step = step}, .data = data};
}

const QJsonArray items{QJsonObject{{u"name"_s, u"larder"_s}}, u"web"_s};

} // namespace

void TestStepNames::learnsItems()
{
    StepNames names;
    names.learn(eventOf(u"step.expanded"_s, {{u"step"_s, u"read"_s}, {u"items"_s, items}}));
    const Event started = eventOf(u"step.started"_s, {{u"key"_s, u"1/read[1]#2"_s}}, StepRunId{5});
    names.learn(started);
    QCOMPARE(names.of(started), u"read · web"_s);
    QCOMPARE(names.of(eventOf(u"session.tool_started"_s, {{u"title"_s, u"ls"_s}}, StepRunId{5})),
             u"read · web"_s);
    QCOMPARE(names.of(eventOf(u"session.tool_started"_s, {}, StepRunId{6})), QString());
    QCOMPARE(names.of(eventOf(u"step.started"_s, {{u"key"_s, u"1/plan#1"_s}})), u"plan"_s);
    // Of another list nothing is known.
    QCOMPARE(names.of(eventOf(u"step.started"_s, {{u"key"_s, u"1/write[0]#1"_s}})), u"write[0]"_s);
}

void TestStepNames::learnsKeptItems()
{
    StepNames names;
    names.learn(eventOf(u"step.kept"_s, {{u"step"_s, u"read"_s}, {u"list"_s, items}}));
    QCOMPARE(names.of(eventOf(u"step.settled"_s, {{u"step"_s, u"read"_s}, {u"item"_s, 0}})),
             u"read · larder"_s);
    QCOMPARE(names.of(eventOf(u"step.settled"_s, {{u"step"_s, u"read"_s}})), u"read"_s);
}

void TestStepNames::sentencesHaveTheName()
{
    StepNames names;
    names.learn(eventOf(u"step.expanded"_s, {{u"step"_s, u"read"_s}, {u"items"_s, items}}));
    const auto told = [&names](const QString &kind, const QJsonObject &data) {
        return describeEvent(names.named(eventOf(kind, data)));
    };
    QCOMPARE(told(u"step.started"_s, {{u"key"_s, u"1/read[0]#1"_s}}), u"read · larder"_s);
    QCOMPARE(told(u"step.started"_s, {{u"key"_s, u"1/read[0]#3"_s}}), u"read · larder, attempt 3"_s);
    QCOMPARE(told(u"step.settled"_s, {{u"step"_s, u"read"_s}, {u"item"_s, 1}, {u"status"_s, u"completed"_s}}),
             u"read · web: Completed"_s);
    QCOMPARE(told(u"step.settled"_s, {{u"step"_s, u"read"_s}, {u"status"_s, u"completed"_s}}),
             u"read: Completed"_s);
}

QTEST_GUILESS_MAIN(TestStepNames)
#include "tst_step_names.moc"
