#include "app/demo_agent/serve/hostile_output.h"

#include <QElapsedTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int mebibyte = 1024 * 1024;

QString filler(qsizetype size)
{
    const QString words = u"flood of text that says nothing at all and goes on and on; "_s;
    return words.repeated(size / words.size() + 1).first(size);
}

// A delta whose text is `bytes` exactly, so that it may be what no encoder would write.
QByteArray rawDelta(const Narrator &narrator, const QByteArray &bytes)
{
    return R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":")" +
           narrator.port().sessionId().toUtf8() +
           R"(","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":")" + bytes +
           "\"}}}}\n";
}

} // namespace

void flood(Narrator &narrator, int mebibytes)
{
    const Pace before = narrator.pace();
    narrator.pace() = {.chunk = 1024, .ms = 0};
    const QString text = filler(65'536);
    for (int i = 0; i < mebibytes * 16 && !narrator.port().stopped(); ++i)
        narrator.say(text);
    narrator.pace() = before;
}

void countUp(Narrator &narrator, int pieces)
{
    const Pace before = narrator.pace();
    const QString words = filler(before.chunk);
    narrator.pace().chunk = std::max(before.chunk, 16);
    QElapsedTimer elapsed;
    elapsed.start();
    for (int i = 1; i <= pieces && !narrator.port().stopped(); ++i) {
        const QString number = u"%1 "_s.arg(i, 7, 10, QChar(u'0'));
        const qsizetype room = std::max<qsizetype>(before.chunk - number.size() - 1, 0);
        narrator.say(number % QStringView(words).first(room) % u'\n');
        const qint64 early = qint64{i} * before.ms - elapsed.elapsed();
        if (early > 0 && i < pieces)
            narrator.port().rest(static_cast<int>(early));
    }
    narrator.pace() = before;
}

void bigLine(Narrator &narrator, int mebibytes)
{
    narrator.port().raw(rawDelta(narrator, QByteArray(static_cast<qsizetype>(mebibytes) * mebibyte, 'x')));
}

void garbage(Narrator &narrator)
{
    narrator.port().raw("this line is not JSON\n"
                        "{\"jsonrpc\":\"2.0\",\"method\":\n"
                        "[]\n"
                        "\n"
                        "\x1b[31mred\x1b[0m\r\n"
                        "{\"jsonrpc\":\"2.0\",\"id\":999999,\"result\":{}}\n"
                        "{\"jsonrpc\":\"2.0\",\"method\":\"no/such\",\"params\":{}}\n");
}

void badUtf8(Narrator &narrator)
{
    narrator.port().raw(rawDelta(narrator, "half a \xc3 letter, \xff\xfe and \xed\xa0\x80"));
}

void toolLoop(Narrator &narrator, int calls)
{
    for (int i = 0; i != calls && !narrator.port().stopped(); ++i) {
        const QString id = narrator.startTool(u"read"_s, u"Read the same file again"_s, {u"README.md"_s});
        narrator.finishTool(id, true, u"nothing new"_s);
        narrator.port().rest(std::max(narrator.pace().ms, 1));
    }
}

} // namespace muster::demo
