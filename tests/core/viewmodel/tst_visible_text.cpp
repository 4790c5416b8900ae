#include "core/viewmodel/visible_text.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestVisibleText : public QObject {
    Q_OBJECT
private slots:
    void marks_data();
    void marks();
};

void TestVisibleText::marks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) {
        QTest::newRow(name) << text << shown;
    };
    row("plain", u"git push\n\torigin"_s, u"git push\n\torigin"_s);
    row("other scripts", u"grün שלום 日本 🙂"_s, u"grün שלום 日本 🙂"_s);
    row("right to left", u"rm \u202Egpj.x"_s, u"rm ⟨U+202E⟩gpj.x"_s);
    row("isolate", u"a\u2066b\u2069"_s, u"a⟨U+2066⟩b⟨U+2069⟩"_s);
    row("no width", u"cur\u200Bl"_s, u"cur⟨U+200B⟩l"_s);
    row("byte order mark", u"\uFEFFls"_s, u"⟨U+FEFF⟩ls"_s);
    row("carriage return", u"ls /\rrm -rf /"_s, u"ls /⟨U+000D⟩rm -rf /"_s);
    row("escape", u"\x1b[8m"_s, u"⟨U+001B⟩[8m"_s);
    row("line separator", u"a\u2028b"_s, u"a⟨U+2028⟩b"_s);
    row("filler", u"a\u3164b"_s, u"a⟨U+3164⟩b"_s);
    row("tag letters", u"a\U000E0041b"_s, u"a⟨U+E0041⟩b"_s);
    row("half a pair", QString(u"a") + QChar(0xd800) + u'b', u"a⟨U+D800⟩b"_s);
}

void TestVisibleText::marks()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(withVisibleMarks(text), shown);
}

QTEST_GUILESS_MAIN(TestVisibleText)
#include "tst_visible_text.moc"
