// A secret that a session tells in pieces comes through in none: text, thinking, output of tools; and nothing
// else is lost or comes in another order.
#include "core/node/work/event_mask.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QString secret = u"sk-mask-0123456789"_s;

// "kind:text" of what was told, pieces of one message joined.
QStringList told(const std::vector<SessionEvent> &events)
{
    QStringList out;
    QString last;
    const auto add = [&](const QString &key, const QString &text) {
        if (last == key && !out.isEmpty())
            out.last() += text;
        else
            out += key + u':' + text;
        last = key;
    };
    for (const SessionEvent &event : events) {
        if (const auto *text = std::get_if<TextDelta>(&event))
            add(u"text "_s + text->messageId, text->text);
        else if (const auto *thought = std::get_if<ThinkingDelta>(&event))
            add(u"thinking "_s + thought->messageId, thought->text);
        else if (const auto *output = std::get_if<ToolOutput>(&event))
            add(u"output "_s + output->toolId + (output->replaces ? u"!"_s : QString()), output->text);
        else
            add(u"other %1"_s.arg(event.index()), {});
    }
    return out;
}

} // namespace

class TestEventMask : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Redactor::global().addSecret(secret); }
    void cleanupTestCase() { Redactor::global().removeSecret(secret); }
    void masksWhereverItIsSplit();
    void keepsTheOrder();
    void tellsWhatWasHeldBack();
    void replacesOutput();
};

void TestEventMask::masksWhereverItIsSplit()
{
    const QString text = u"it is "_s + secret + u", well"_s;
    for (qsizetype at = 0; at <= text.size(); ++at) {
        EventMask mask;
        std::vector<SessionEvent> out;
        const auto take = [&](const SessionEvent &event) {
            for (const SessionEvent &one : mask.take(event))
                out.push_back(one);
        };
        for (const QString &piece : {text.first(at), text.sliced(at)}) {
            take(TextDelta{u"m"_s, piece});
            take(Usage{}); // between the pieces, and no end of them
            take(ThinkingDelta{u"t"_s, piece});
            take(ToolOutput{.toolId = u"x"_s, .text = piece});
        }
        take(TurnFinished{});
        QMap<QString, QString> said;
        for (const QString &one : told(out))
            said[one.section(u':', 0, 0)] += one.section(u':', 1);
        for (const QString &who : {u"text m"_s, u"thinking t"_s, u"output x"_s})
            QCOMPARE(said.value(who), u"it is [redacted], well"_s);
    }
}

void TestEventMask::keepsTheOrder()
{
    EventMask mask;
    std::vector<SessionEvent> out;
    for (const SessionEvent &event : std::vector<SessionEvent>{
             TextDelta{u"a"_s, u"first s"_s}, TextDelta{u"b"_s, u"second sk-m"_s},
             ToolStarted{.toolId = u"x"_s}, ToolOutput{.toolId = u"x"_s, .text = u"out sk"_s},
             ToolFinished{.toolId = u"x"_s}, TextDelta{u"b"_s, u"third"_s}, TurnFinished{}}) {
        for (const SessionEvent &one : mask.take(event))
            out.push_back(one);
    }
    const QString started = u"other %1:"_s.arg(SessionEvent(ToolStarted{}).index());
    const QString finished = u"other %1:"_s.arg(SessionEvent(ToolFinished{}).index());
    const QString turn = u"other %1:"_s.arg(SessionEvent(TurnFinished{}).index());
    QCOMPARE(told(out), (QStringList{u"text a:first s"_s, u"text b:second sk-m"_s, started,
                                     u"output x:out sk"_s, finished, u"text b:third"_s, turn}));
}

void TestEventMask::tellsWhatWasHeldBack()
{
    EventMask mask;
    QVERIFY(mask.take(TextDelta{u"a"_s, u"sk-mask"_s}).empty());
    QCOMPARE(told(mask.take(SessionEnded{})).first(), u"text a:sk-mask"_s);
    QVERIFY(mask.take(ToolOutput{.toolId = u"x"_s, .text = u"sk-"_s}).empty());
    QCOMPARE(told(mask.take(ToolFinished{.toolId = u"x"_s})).first(), u"output x:sk-"_s);
}

// What is replaced is no beginning of what follows.
void TestEventMask::replacesOutput()
{
    EventMask mask;
    QVERIFY(mask.take(ToolOutput{.toolId = u"x"_s, .text = u"sk-mask"_s}).empty());
    const auto out =
        told(mask.take(ToolOutput{.toolId = u"x"_s, .text = u"-0123456789"_s, .replaces = true}));
    QCOMPARE(out, QStringList{u"output x!:-0123456789"_s});
    const auto none = told(mask.take(ToolOutput{.toolId = u"x"_s, .text = {}, .replaces = true}));
    QCOMPARE(none, QStringList{u"output x!:"_s});
}

QTEST_GUILESS_MAIN(TestEventMask)
#include "tst_event_mask.moc"
