// Steps that are inserted into the text of a flow: the file is read as before, with one step more, whatever
// its text and however the file is written.
#include "core/flow/flow_parser.h"
#include "core/viewmodel/step_yaml.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStepYaml : public QObject {
    Q_OBJECT
private slots:
    void staysTheSameFile_data();
    void staysTheSameFile();
    void textsStayWhatTheyAre_data();
    void textsStayWhatTheyAre();
    void listsInBracketsAreLeftAlone();
    void newFlowsAreGood();
};

namespace {

const QString kHead = u"muster: 1\nname: t\n"_s;

FlowDefinitionPtr read(const QString &text)
{
    const FlowParseResult parsed = parseFlow(text.toUtf8(), u"t"_s);
    if (!parsed.ok())
        qWarning("%s %d:%d", qPrintable(enumName(parsed.problems.front().code)), parsed.problems.front().line,
                 parsed.problems.front().column);
    return parsed.definition;
}

QString withStep(const QString &file, const NewStep &step)
{
    const auto made = insertStep(file, step);
    return made ? file.left(made->at) + made->text + file.mid(made->at) : QString();
}

} // namespace

void TestStepYaml::staysTheSameFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("order");
    const auto row = [](const char *name, const QString &rest, const char *order) {
        QTest::newRow(name) << kHead + rest << QString::fromLatin1(order);
    };
    row("two spaces", u"steps:\n  - id: a\n    prompt: A\n"_s, "a new");
    row("none", u"steps:\n- id: a\n  prompt: A\n"_s, "a new");
    row("four", u"steps:\n    - id: a\n      prompt: A\n"_s, "a new");
    row("in braces", u"steps:\n  - {id: a, prompt: A}\n"_s, "a new");
    row("no end of line", u"steps:\n  - id: a\n    prompt: A"_s, "a new");
    row("what comes behind",
        u"steps:\n  - id: a\n    prompt: A\n\n# the end\nfinally:\n  - {id: z, run: ls}\n"_s, "a new z");
    row("a comment behind the list", u"steps:\n  - id: a\n    prompt: A\n  # more to come\n"_s, "a new");
    row("a prompt that ends like a comment",
        u"steps:\n  - id: a\n    prompt: |\n      A\n      # A title\n"_s, "a new");
    row("a text with empty lines", u"steps:\n  - id: a\n    prompt: |\n      A\n\n      B\n\n\n"_s, "a new");
    row("a loop as the last",
        u"steps:\n  - id: a\n    prompt: A\n  - id: l\n    loop:\n      max: 2\n      steps:\n"
        "        - id: b\n          prompt: B\n"_s,
        "a l b new");
}

void TestStepYaml::staysTheSameFile()
{
    QFETCH(QString, file);
    QVERIFY(read(file));
    const QString text =
        withStep(file, {.id = u"new"_s, .kind = u"run"_s, .text = u"ls"_s, .needs = {u"a"_s}});
    const FlowDefinitionPtr flow = read(text);
    QVERIFY2(flow, qPrintable(text));
    QStringList ids;
    for (const StepDefinition &step : flow->steps)
        ids += step.id;
    QTEST(ids.join(u' '), "order");
    QCOMPARE(flow->step(flow->indexOf(u"new"_s)).needs, std::vector<int>{flow->indexOf(u"a"_s)});
    // Nothing of what was there is another.
    const FlowDefinitionPtr before = read(file);
    for (const StepDefinition &step : before->steps)
        QCOMPARE(flow->step(flow->indexOf(step.id)).text.source, step.text.source);
    const auto made = insertStep(file, {.id = u"new"_s, .kind = u"run"_s, .text = u"ls"_s});
    QVERIFY(text.mid(made->cursor).startsWith(u"id: new"_s));
}

void TestStepYaml::textsStayWhatTheyAre_data()
{
    QTest::addColumn<QString>("text");
    for (const QString &text : {u"plain words"_s,
                                u"a: b"_s,
                                u"# no comment"_s,
                                u"true"_s,
                                u"12"_s,
                                u"- dash"_s,
                                u"\"quoted\""_s,
                                u"it's"_s,
                                u"back\\slash"_s,
                                u"tab\there"_s,
                                u"${{ inputs.x }}"_s,
                                u"{a}"_s,
                                u"two\nlines"_s,
                                u"  indented\nless"_s,
                                u"with\n\nan empty line"_s,
                                u"# first\nsecond: x"_s,
                                u"äöü 日本"_s,
                                u"@at"_s,
                                u"ends with a colon:"_s,
                                u"%percent"_s,
                                u"null"_s,
                                u"0x1F"_s,
                                u"1e5"_s,
                                u"&anchor"_s,
                                u"*"_s})
        QTest::newRow(qPrintable(text)) << text;
}

void TestStepYaml::textsStayWhatTheyAre()
{
    QFETCH(QString, text);
    const QString file =
        kHead + u"inputs: {x: {type: string, default: ''}}\nsteps:\n  - {id: a, prompt: A}\n"_s;
    const FlowDefinitionPtr flow = read(withStep(file, {.id = u"new"_s, .kind = u"prompt"_s, .text = text}));
    QVERIFY(flow);
    QCOMPARE(flow->step(1).text.source.trimmed(), text.trimmed());
}

void TestStepYaml::listsInBracketsAreLeftAlone()
{
    QVERIFY(!insertStep(kHead + u"steps: [{id: a, prompt: A}]\n"_s, {.id = u"b"_s, .kind = u"run"_s}));
    QVERIFY(read(withStep(kHead, {.id = u"b"_s, .kind = u"run"_s, .text = u"ls"_s})));
    QVERIFY(
        read(withStep(kHead + u"steps: # none yet\n"_s, {.id = u"b"_s, .kind = u"run"_s, .text = u"ls"_s})));
}

void TestStepYaml::newFlowsAreGood()
{
    const FlowDefinitionPtr flow = read(newFlowText(u"my-flow"_s));
    QVERIFY(flow);
    QCOMPARE(flow->name, u"my-flow"_s);
}

QTEST_GUILESS_MAIN(TestStepYaml)
#include "tst_step_yaml.moc"
