// How far the count without a tokenizer is from a tokenizer's, over texts of every kind that prompts are made
// of. The numbers in core/insight/token_count.h are those that this prints.
#include "core/insight/token_count.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTokenCount : public QObject {
    Q_OBJECT
private slots:
    void nothing();
    void errorIsWhatTheHeaderSays();
    void longTextsTakeNoTime();
};

void TestTokenCount::nothing()
{
    QCOMPARE(estimateTokens({}), 0);
    QCOMPARE(estimateTokens(u"word"), 1);
    QCOMPARE(estimateTokens(u"1234"), 2);
}

void TestTokenCount::errorIsWhatTheHeaderSays()
{
    QFile file(QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/tokens/known_counts.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray texts = QJsonDocument::fromJson(file.readAll()).object().value(u"texts").toArray();
    double sum = 0;
    double worst = 0;
    int checked = 0;
    for (const QJsonValue &value : texts) {
        const QJsonObject text = value.toObject();
        const double known = text.value(u"tokens").toDouble();
        const double made = static_cast<double>(estimateTokens(text.value(u"text").toString()));
        const double error = (made - known) / known;
        const bool heldOut = text.value(u"set").toString() == u"check";
        qInfo("%-20s %-5s known %4.0f, estimated %4.0f: %+.0f %%", qPrintable(text.value(u"name").toString()),
              heldOut ? "check" : "fit", known, made, error * 100);
        if (!heldOut)
            continue;
        ++checked;
        sum += std::abs(error);
        worst = std::max(worst, std::abs(error));
    }
    QCOMPARE(checked, 15);
    qInfo("of %d: on average %.1f %%, at most %.1f %%", checked, 100 * sum / checked, 100 * worst);
    QVERIFY(sum / checked < 0.08);
    QVERIFY(worst < 0.33);
}

void TestTokenCount::longTextsTakeNoTime()
{
    QCOMPARE(estimateTokens(QString(1'000'000, u'-')), 62'501);
    QVERIFY(estimateTokens(u"word "_s.repeated(200'000)) >= 200'000);
}

QTEST_GUILESS_MAIN(TestTokenCount)
#include "tst_token_count.moc"
