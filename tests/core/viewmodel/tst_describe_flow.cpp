// Every problem that the flow parser knows has a sentence of its own and says what to write instead.
#include "core/flow/problem_codes.h"
#include "core/viewmodel/describe.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribeFlow : public QObject {
    Q_OBJECT
private slots:
    void everyCode_data();
    void everyCode();
    void words_data();
    void words();
};

void TestDescribeFlow::everyCode_data()
{
    QTest::addColumn<QString>("code");
    for (const auto &[code, name] : EnumNames<FlowProblemCode>::table)
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestDescribeFlow::everyCode()
{
    QFETCH(QString, code);
    const FlowProblemText text =
        describe(api::FlowProblemInfo{.code = code, .found = u"FOUND"_s, .expected = {u"EXPECTED"_s}});
    QVERIFY2(!text.message.startsWith(code), qPrintable(text.message));
    QVERIFY(!text.message.isEmpty());
    QVERIFY(!text.hint.isEmpty());
    for (const QString &part : {text.message, text.hint})
        QVERIFY2(!part.contains(u"%1"_s) && !part.contains(u"%2"_s), qPrintable(part));
}

void TestDescribeFlow::words_data()
{
    QTest::addColumn<api::FlowProblemInfo>("problem");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("hint");
    QTest::newRow("the closest one") << api::FlowProblemInfo{.code = u"unknown_key"_s,
                                                             .found = u"promt"_s,
                                                             .expected = {u"prompt"_s, u"run"_s},
                                                             .suggestion = u"prompt"_s}
                                     << u"“promt” is not known here."_s << u"Did you mean “prompt”?"_s;
    QTest::newRow("none is close") << api::FlowProblemInfo{.code = u"unknown_batch"_s,
                                                           .found = u"x"_s,
                                                           .expected = {u"readers"_s, u"writers"_s}}
                                   << u"There is no batch “x”."_s << u"There are: readers, writers."_s;
    QTest::newRow("there is none") << api::FlowProblemInfo{.code = u"unknown_input"_s, .found = u"x"_s}
                                   << u"There is no input “x”."_s << u"There are none here."_s;
    QTest::newRow("a type") << api::FlowProblemInfo{.code = u"wrong_type"_s,
                                                    .found = u"map"_s,
                                                    .expected = {u"number"_s}}
                            << u"This is keys with values."_s << u"Write a number."_s;
    QTest::newRow("a range") << api::FlowProblemInfo{.code = u"out_of_range"_s,
                                                     .found = u"99"_s,
                                                     .expected = {u"0"_s, u"20"_s}}
                             << u"99 is out of range."_s << u"Write a number from 0 to 20."_s;
    QTest::newRow("a loop in a loop")
        << api::FlowProblemInfo{.code = u"not_in_this_version"_s, .found = u"loop"_s}
        << u"A loop in a loop is not in this version of Muster."_s
        << u"Put the inner one into a flow of its own, and start that here with a “flow” step."_s;
    QTest::newRow("a key of a later version")
        << api::FlowProblemInfo{.code = u"not_in_this_version"_s, .found = u"with"_s}
        << u"“with” is not in this version of Muster."_s << u"Remove it; a later version knows it."_s;
    QTest::newRow("what looks like a place")
        << api::FlowProblemInfo{.code = u"duplicate_step"_s, .found = u"%2"_s, .expected = {u"4"_s}}
        << u"There are two steps “%2”."_s << u"The first is in line 4."_s;
}

void TestDescribeFlow::words()
{
    QFETCH(api::FlowProblemInfo, problem);
    QFETCH(QString, message);
    QFETCH(QString, hint);
    const FlowProblemText text = describe(problem);
    QCOMPARE(text.message, message);
    QCOMPARE(text.hint, hint);
}

QTEST_GUILESS_MAIN(TestDescribeFlow)
#include "tst_describe_flow.moc"
