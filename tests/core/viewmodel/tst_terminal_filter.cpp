// What reaches the terminal widget: text and colours as they were, nothing that resizes, types, sets the
// clipboard or costs without bound; the same in every split of the bytes.
#include "core/viewmodel/terminal_filter.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTerminalFilter : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatProgramsNeed_data();
    void keepsWhatProgramsNeed();
    void dropsHostileSequences_data();
    void dropsHostileSequences();
    void cleansPaste_data();
    void cleansPaste();
    void unterminatedStringsEnd();
    void randomBytesNeverLeaveAControl();
};

namespace {

QByteArray inOne(const QByteArray &bytes) { return TerminalFilter().filter(bytes); }

QByteArray inPieces(const QByteArray &bytes, qsizetype first)
{
    TerminalFilter filter;
    QByteArray out = filter.filter(bytes.first(first));
    return out + filter.filter(bytes.sliced(first));
}

QByteArray byteByByte(const QByteArray &bytes)
{
    TerminalFilter filter;
    QByteArray out;
    for (const char c : bytes)
        out += filter.filter(QByteArray(1, c));
    return out;
}

void compareInEverySplit(const QByteArray &bytes, const QByteArray &expected)
{
    QCOMPARE(inOne(bytes), expected);
    QCOMPARE(byteByByte(bytes), expected);
    for (qsizetype i = 1; i < std::min<qsizetype>(bytes.size(), 200); ++i)
        QCOMPARE(inPieces(bytes, i), expected);
}

} // namespace

void TestTerminalFilter::keepsWhatProgramsNeed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QList<std::pair<const char *, QByteArray>> rows{
        {"text", "hello, world"},
        {"utf-8", "grüße 日本語 🙂"},
        {"lines", "a\r\nb\tc\bd"},
        {"colour", "\x1b[1;31mred\x1b[0m"},
        {"true colour", "\x1b[38;2;10;20;30mx\x1b[48;5;200my"},
        {"colon colour", "\x1b[38:2:1:2:3mx"},
        {"cursor", "\x1b[10;20H\x1b[3A\x1b[2B\x1b[4C\x1b[5D"},
        {"probe of the size", "\x1b[999;999H\x1b[6n"},
        {"erase", "\x1b[2J\x1b[K\x1b[1J"},
        {"alternate screen", "\x1b[?1049h\x1b[?25l\x1b[?25h\x1b[?1049l"},
        {"bracketed paste", "\x1b[?2004h\x1b[?2004l"},
        {"mouse", "\x1b[?1000;1006h"},
        {"scroll region", "\x1b[2;20r\x1b[3S\x1b[2T"},
        {"save and restore", "\x1b"
                             "7\x1b"
                             "8\x1b[s\x1b[u"},
        {"character sets", "\x1b(0lqk\x1b(B"},
        {"keypad", "\x1b=\x1b>"},
        {"reset", "\x1b"
                  "c\x1b[!p"},
        {"insert and delete", "\x1b[4@\x1b[2P\x1b[3L\x1b[3M\x1b[4X"},
        {"insert mode", "\x1b[4h\x1b[4l"},
        {"cursor shape", "\x1b[5 q"},
        {"attributes", "\x1b[c\x1b[>c"},
        {"bell", "\a"},
        {"combining", "e\xcc\x81"},
    };
    for (const auto &[name, bytes] : rows)
        QTest::newRow(name) << bytes;
}

void TestTerminalFilter::keepsWhatProgramsNeed()
{
    QFETCH(QByteArray, bytes);
    compareInEverySplit(bytes, bytes);
}

void TestTerminalFilter::dropsHostileSequences_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto gone = [](const char *name, const QByteArray &sequence) {
        QTest::newRow(name) << QByteArray("a" + sequence + "z") << QByteArray("az");
    };
    const auto becomes = [](const char *name, const QByteArray &bytes, const QByteArray &expected) {
        QTest::newRow(name) << bytes << expected;
    };
    gone("resize that kills", "\x1b[8;30000;30000t");
    gone("resize that stalls", "\x1b[8;10000;10000t");
    gone("resize to a small size", "\x1b[8;24;80t");
    for (const int op : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 99})
        gone(qPrintable(u"window operation %1"_s.arg(op)), "\x1b[" + QByteArray::number(op) + "t");
    gone("window operation, arguments", "\x1b[3;0;0t");
    gone("window operation, no argument", "\x1b[t");
    gone("window operation, space", "\x1b[2 t");
    gone("window operation, >", "\x1b[>2t");
    gone("132 columns", "\x1b[?3h");
    gone("80 columns", "\x1b[?3l");
    gone("allow 132 columns", "\x1b[?40h");
    gone("keyboard locked", "\x1b[2h");
    gone("local echo", "\x1b[12l");
    gone("unknown private mode", "\x1b[?777h");
    gone("sixel scrolling", "\x1b[?80h");
    gone("synchronised output", "\x1b[?2026h");
    gone("win32 input", "\x1b[?9001h");
    becomes("a bad mode among good ones", "\x1b[?3;25;40;1049h", "\x1b[?25;1049h");
    gone("mode report", "\x1b[?25$p");
    gone("ansi mode report", "\x1b[4$p");
    gone("private status report", "\x1b[?6n");
    gone("printer status", "\x1b[?15n");
    gone("other status report", "\x1b[0n");
    gone("terminal parameters", "\x1b[0x");
    gone("checksum", "\x1b[1;1;1;1;1;1*y");
    gone("rectangle fill", "\x1b[65;1;1;9999;9999$x");
    gone("rectangle copy", "\x1b[1;1;100;100;1;1;1;1$v");
    gone("media copy", "\x1b[5i");
    gone("media copy, private", "\x1b[?5i");
    gone("media copy, none", "\x1b[i");
    gone("leds", "\x1b[1q");
    gone("version report", "\x1b[>q");
    gone("modify keys", "\x1b[>4;2m");
    gone("kitty keyboard push", "\x1b[>1u");
    gone("kitty keyboard query", "\x1b[?u");
    gone("kitty keyboard set", "\x1b[=1u");
    gone("kitty keyboard pop", "\x1b[<u");
    gone("conformance level", "\x1b[61\"p");
    gone("protection", "\x1b[1\"q");
    gone("lines per screen", "\x1b[100*|");
    gone("columns per page", "\x1b[132$|");
    gone("tertiary attributes", "\x1b[=c");
    gone("macro", "\x1b[1*z");
    gone("clipboard set", "\x1b]52;c;cm0gLXJmIH4=\a");
    gone("clipboard set, ST", "\x1b]52;c;cm0gLXJmIH4=\x1b\\");
    gone("clipboard read", "\x1b]52;c;?\a");
    gone("clipboard, primary", "\x1b]52;p;AAAA\a");
    gone("title", "\x1b]0;owned\a");
    gone("title, ST", "\x1b]2;owned\x1b\\");
    gone("icon name", "\x1b]1;owned\a");
    gone("property", "\x1b]3;A=b\a");
    gone("colour set", "\x1b]4;1;rgb:ff/ff/ff\a");
    gone("colour query", "\x1b]4;1;?\a");
    gone("foreground query", "\x1b]10;?\a");
    gone("background query", "\x1b]11;?\a");
    gone("cursor colour", "\x1b]12;red\a");
    gone("reset colours", "\x1b]104\a");
    gone("font", "\x1b]50;huge\a");
    gone("konsole profile", "\x1b]50;ColorScheme=x\a");
    gone("log file", "\x1b]46;/tmp/x\a");
    gone("folder", "\x1b]7;file:///etc\a");
    becomes("link keeps its text", "\x1b]8;;file:///etc/passwd\x1b\\text\x1b]8;;\x1b\\", "text");
    gone("notification", "\x1b]9;hello\a");
    gone("urgency", "\x1b]777;notify;a;b\a");
    gone("shell integration", "\x1b]133;A\a");
    gone("editor integration", "\x1b]633;A\a");
    gone("iterm file", "\x1b]1337;File=name=eA==:AAAA\a");
    gone("iterm clipboard", "\x1b]1337;CopyToClipboard=x\a");
    gone("empty string", "\x1b]\a");
    gone("no number", "\x1b];x\a");
    gone("device control", "\x1bP1$r0m\x1b\\");
    gone("sixel", "\x1bPq#0;2;0;0;0#0~~\x1b\\");
    gone("request setting", "\x1bP$qm\x1b\\");
    gone("request terminfo", "\x1bP+q544e\x1b\\");
    gone("user keys", "\x1bP0;1|17/41\x1b\\");
    gone("macro definition", "\x1bP1;0;0!zabc\x1b\\");
    gone("tmux control", "\x1bP1000p\x1b\\");
    gone("application command", "\x1b_Gf=32;AAAA\x1b\\");
    gone("privacy message", "\x1b^hidden\x1b\\");
    gone("start of string", "\x1bXhidden\x1b\\");
    gone("screen title", "\x1bkowned\x1b\\");
    gone("string terminator alone", "\x1b\\");
    gone("identify", "\x1bZ");
    gone("latin 1", "\x1b%@");
    gone("utf-8 mode", "\x1b%G");
    gone("single shift", "\x1bN");
    gone("7-bit replies", "\x1b F");
    gone("8-bit replies", "\x1b G");
    gone("lock memory", "\x1bl");
    gone("unlock memory", "\x1bm");
    gone("national set", "\x1b(K");
    gone("long intermediate", "\x1b((((((B");
    gone("enquiry", QByteArray("\x05", 1));
    gone("null", QByteArray("\0", 1));
    gone("delete", "\x7f");
    gone("start of heading", "\x01");
    gone("cancel", "\x18");
    gone("device control 1", "\x11");
    gone("device control 3", "\x13");
    gone("c1 csi in utf-8", "\xc2\x9b");
    gone("c1 osc in utf-8", "\xc2\x9d");
    gone("c1 dcs in utf-8", "\xc2\x90");
    gone("c1 next line in utf-8", "\xc2\x85");
    becomes("c1 csi resize",
            "\xc2\x9b"
            "8;30000;30000t",
            "8;30000;30000t");
    becomes("c1 csi byte",
            "\x9b"
            "8;1t",
            "\xef\xbf\xbd"
            "8;1t");
    becomes("broken utf-8",
            "\xe6\x97"
            "a",
            "\xef\xbf\xbd"
            "a");
    becomes("overlong escape", "\xc0\x9b[2t", "\xef\xbf\xbd\xef\xbf\xbd[2t");
    becomes("repeat without bound", "x\x1b[2147483647b", "x\x1b[9999b");
    becomes("number past any integer", "\x1b[99999999999999999999A", "\x1b[9999A");
    becomes("insert without bound", "\x1b[1000000L", "\x1b[9999L");
    becomes("scroll without bound", "\x1b[1000000S", "\x1b[9999S");
    becomes("position far out", "\x1b[65536;65536H", "\x1b[9999;9999H");
    becomes("many parameters", "\x1b[" + QByteArray("1;").repeated(40) + "1m",
            "\x1b[" + QByteArray("1;").repeated(31) + "1m");
    gone("endless parameters", "\x1b[" + QByteArray("1;").repeated(5000) + "m");
    gone("endless digits", "\x1b[" + QByteArray("9").repeated(5000) + "A");
    gone("negative number", "\x1b[-1A");
    gone("marker in the middle", "\x1b[1?2h");
    gone("marker twice", "\x1b[??25h");
    gone("cancelled", "\x1b[8;30000\x18");
    gone("substituted", "\x1b]52;c;AAAA\x1a");
    becomes("cancelled, then text",
            "\x1b[8;3\x18"
            "0000t",
            "0000t");
    becomes("escape within a sequence", "\x1b[8;3\x1b[31mx", "\x1b[31mx");
    becomes("control within a sequence", "\x1b[3\r1mx", "\r\x1b[31mx");
    becomes("sequence within a string", "\x1b]0;a\x1b[31mx", "\x1b[31mx");
    becomes("resize within a string", "\x1b]0;a\x1b[8;30000;30000tx", "x");
    becomes("string within a string",
            "\x1bPa\x1b]52;c;AA\a"
            "b",
            "b");
    becomes("line ends a string", "\x1b]0;never closed\nnext", "\nnext");
    becomes("double escape", "\x1b\x1b[8;9;9tx", "x");
    becomes("escape at a character", "\x1b\xc3\xa4", "ä");
    becomes("marks without bound", "e" + QByteArray("\xcc\x81").repeated(500),
            "e" + QByteArray("\xcc\x81").repeated(TerminalFilter::maxCombining));
    becomes("joiners without bound", "e" + QByteArray("\xe2\x80\x8d").repeated(500),
            "e" + QByteArray("\xe2\x80\x8d").repeated(TerminalFilter::maxCombining));
}

void TestTerminalFilter::dropsHostileSequences()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    compareInEverySplit(bytes, expected);
}

void TestTerminalFilter::cleansPaste_data()
{
    QTest::addColumn<QString>("clipboard");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("multiLine");
    QTest::addColumn<bool>("changed");
    QTest::newRow("plain") << u"ls -l"_s << u"ls -l"_s << false << false;
    QTest::newRow("tab") << u"a\tb"_s << u"a\tb"_s << false << false;
    QTest::newRow("two lines") << u"a\r\nb"_s << u"a\nb"_s << true << false;
    QTest::newRow("old line ends") << u"a\rb"_s << u"a\nb"_s << true << false;
    QTest::newRow("ends in a line") << u"rm x\n"_s << u"rm x\n"_s << true << false;
    QTest::newRow("end of bracket") << u"safe\x1b[201~\rtouch x\r"_s << u"safe[201~\ntouch x\n"_s << true
                                    << true;
    QTest::newRow("c1 end of bracket") << u"safe\x9b"
                                          u"201~"_s
                                       << u"safe201~"_s << false << true;
    QTest::newRow("control c") << u"a\x03"
                                  u"b"_s
                               << u"ab"_s << false << true;
    QTest::newRow("null") << QString(u"a"_s + QChar(0) + u"b"_s) << u"ab"_s << false << true;
    QTest::newRow("delete") << u"a\x7f"
                               u"b"_s
                            << u"ab"_s << false << true;
    QTest::newRow("other scripts") << u"grüße 日本語 🙂"_s << u"grüße 日本語 🙂"_s << false << false;
}

void TestTerminalFilter::cleansPaste()
{
    QFETCH(QString, clipboard);
    QFETCH(QString, text);
    QFETCH(bool, multiLine);
    QFETCH(bool, changed);
    const PastedText pasted = sanitizePaste(clipboard);
    QCOMPARE(pasted.text, text);
    QCOMPARE(pasted.multiLine, multiLine);
    QCOMPARE(pasted.changed, changed);
}

void TestTerminalFilter::unterminatedStringsEnd()
{
    TerminalFilter filter;
    QCOMPARE(filter.filter("\x1bP"), QByteArray());
    const QByteArray flood(TerminalFilter::maxStringBytes + 10, 'x');
    QVERIFY(filter.filter(flood).size() < 20);
    QCOMPARE(filter.filter("alive"), QByteArray("alive"));
}

// Whatever comes in, what goes out holds no escape sequence that the policy does not know.
void TestTerminalFilter::randomBytesNeverLeaveAControl()
{
    static const QByteArray alphabet("\x1b[]?;:0123456789thmPX_^\\\a\x18\x05 $>=!q\xc2\x9b");
    quint32 seed = 20240817;
    for (int round = 0; round < 2000; ++round) {
        QByteArray bytes;
        for (int i = 0; i < 60; ++i) {
            seed = seed * 1664525u + 1013904223u;
            bytes += alphabet[static_cast<qsizetype>((seed >> 16) % static_cast<quint32>(alphabet.size()))];
        }
        const QByteArray once = inOne(bytes);
        QCOMPARE(byteByByte(bytes), once);
        QCOMPARE(inOne(once), once); // nothing left for a second pass to take out
        QVERIFY(!once.contains('\x05'));
    }
}

QTEST_GUILESS_MAIN(TestTerminalFilter)
#include "tst_terminal_filter.moc"
