// Lines for a terminal are broken between words, lose nothing and keep their indentation.
#include "app/cli/wrapped_text.h"

#include <QTest>

using namespace muster::app;
using namespace Qt::StringLiterals;

class TestWrappedText : public QObject {
    Q_OBJECT
private slots:
    void wraps_data();
    void wraps();
    void losesNothing();
};

void TestWrappedText::wraps_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("wrapped");
    const auto row = [](const char *name, const QString &text, const QString &wrapped) {
        QTest::newRow(name) << text << wrapped;
    };
    row("fits", u"twenty characters go"_s, u"twenty characters go"_s);
    row("one more", u"twenty characters go."_s, u"twenty characters\ngo."_s);
    row("lines and gaps", u"a\n\nThe quick brown fox jumps"_s, u"a\n\nThe quick brown fox\njumps"_s);
    row("list", u"- the quick brown fox jumps"_s, u"- the quick brown\n  fox jumps"_s);
    row("indented", u"    the quick brown fox jumps"_s, u"    the quick brown\n    fox jumps"_s);
    row("no place to break", QString(30, u'x') + u" y"_s, QString(30, u'x') + u"\ny"_s);
    row("code points", u"🙂🙂🙂🙂 🙂🙂🙂🙂 🙂🙂🙂🙂 🙂🙂🙂🙂"_s, u"🙂🙂🙂🙂 🙂🙂🙂🙂 🙂🙂🙂🙂 🙂🙂🙂🙂"_s);
    row("empty", QString(), QString());
}

void TestWrappedText::wraps()
{
    QFETCH(QString, text);
    QFETCH(QString, wrapped);
    QCOMPARE(wrappedText(text, 20), wrapped);
    QCOMPARE(wrappedText(text, 0), text); // no terminal
}

void TestWrappedText::losesNothing()
{
    const QString text = u"`UnitError` (An amount that cannot be read), `Ingredient` (A thing; see docs/a.md "
                         "and `src/units.py:65`), with 13 more."_s;
    for (int columns = 20; columns < 130; ++columns) {
        const QString wrapped = wrappedText(text, columns);
        QCOMPARE(wrapped.simplified().remove(u' '), text.simplified().remove(u' '));
        for (const QString &line : wrapped.split(u'\n'))
            QVERIFY2(line.size() <= columns, qPrintable(line));
    }
}

QTEST_GUILESS_MAIN(TestWrappedText)
#include "tst_wrapped_text.moc"
