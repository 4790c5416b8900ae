// Every text with a number in it reads right in English: one has its singular, and nothing says "(s)".
#include "app/translations.h"
#include "core/viewmodel/describe_changes.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QString tsFile = QStringLiteral(MUSTER_SOURCE_DIR "/translations/muster_en.ts");

struct Message {
    QString context;
    QString source;
    QStringList forms;
    bool finished = true;
};

QList<Message> messagesOf(const QString &path)
{
    QFile file(path);
    QList<Message> found;
    if (!file.open(QIODevice::ReadOnly))
        return found;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == "name"_L1)
            context = xml.readElementText();
        else if (xml.name() == "message"_L1)
            found.append({.context = context});
        else if (xml.name() == "source"_L1)
            found.last().source = xml.readElementText();
        else if (xml.name() == "translation"_L1)
            found.last().finished = !xml.attributes().hasAttribute("type"_L1);
        else if (xml.name() == "numerusform"_L1)
            found.last().forms += xml.readElementText();
    }
    return found;
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { app::loadTranslations(); }
    void everyTextWithANumber();
    void readsRight_data();
    void readsRight();
    void throughTheSentences();
};

// lupdate finds what the sources have; the file in the repository knows all of it and nothing else.
void TestTranslations::everyTextWithANumber()
{
    QTemporaryDir folder;
    const QString copy = folder.filePath(u"muster_en.ts"_s);
    QProcess lupdate;
    lupdate.setWorkingDirectory(QStringLiteral(MUSTER_SOURCE_DIR));
    lupdate.start(QStringLiteral(LUPDATE),
                  {u"-silent"_s, u"-pluralonly"_s, u"-no-obsolete"_s, u"-locations"_s, u"none"_s,
                   u"-source-language"_s, u"en"_s, u"-target-language"_s, u"en"_s, u"-I"_s, u"."_s,
                   u"-recursive"_s, u"app"_s, u"core"_s, u"ui"_s, u"-ts"_s, copy});
    QTRY_COMPARE_WITH_TIMEOUT(lupdate.state(), QProcess::NotRunning, 60'000);
    QStringList inSources;
    for (const Message &message : messagesOf(copy))
        inSources += message.context + u": "_s + message.source;
    QStringList inFile;
    for (const Message &message : messagesOf(tsFile))
        inFile += message.context + u": "_s + message.source;
    inSources.sort();
    inFile.sort();
    QVERIFY(inSources.size() > 20);
    QCOMPARE(inFile, inSources);
}

void TestTranslations::readsRight_data()
{
    QTest::addColumn<QString>("context");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("forms");
    for (const Message &message : messagesOf(tsFile)) {
        QVERIFY2(message.finished, qPrintable(message.source));
        QTest::newRow(qPrintable(message.context + u' ' + message.source))
            << message.context << message.source << message.forms;
    }
}

void TestTranslations::readsRight()
{
    QFETCH(QString, context);
    QFETCH(QString, source);
    QFETCH(QStringList, forms);
    QCOMPARE(forms.size(), 2);
    for (const int n : {0, 1, 2, 11}) {
        const QString text =
            QCoreApplication::translate(qPrintable(context), source.toUtf8().constData(), nullptr, n);
        QString expected = forms.at(n == 1 ? 0 : 1);
        QCOMPARE(text, expected.replace(u"%n"_s, QString::number(n)));
        QVERIFY2(!text.contains(u"(s)"_s), qPrintable(text));
    }
    QVERIFY2(!source.contains(u"(s)"_s) || forms.at(0) != forms.at(1), qPrintable(source));
}

void TestTranslations::throughTheSentences()
{
    api::WorktreeInfo worktree;
    worktree.uncommitted = 1;
    worktree.commitsAhead = 2;
    const QStringList losses = lossesOfDropping(worktree);
    QCOMPARE(losses, (QStringList{u"1 file that is not committed"_s, u"2 commits that may not be merged"_s}));
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
