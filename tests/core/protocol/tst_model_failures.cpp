// What the refusals of the providers mean, in the words of their own references.
#include "core/protocol/models/model_failure.h"

#include <QTest>
#include <QTimeZone>

using namespace muster;
using namespace Qt::StringLiterals;

using Headers = QHash<QByteArray, QByteArray>;

namespace {

const qint64 now = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), QTimeZone::UTC).toMSecsSinceEpoch();

} // namespace

class TestModelFailures : public QObject {
    Q_OBJECT
private slots:
    void refusals_data();
    void refusals();
    void resets_data();
    void resets();
    void onlyWhatMayHelpIsTriedAgain();
};

void TestModelFailures::refusals_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, int status, const QByteArray &body, const QString &problem) {
        QTest::newRow(name) << status << body << problem;
    };
    row("anthropic key", 401,
        R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})",
        u"sign_in"_s);
    row("anthropic model", 404, R"({"type":"error","error":{"type":"not_found_error","message":"model: x"}})",
        u"model_unavailable"_s);
    row("anthropic limit", 429, R"({"type":"error","error":{"type":"rate_limit_error","message":"m"}})",
        u"rate_limited"_s);
    row("anthropic long", 400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}})",
        u"bad_request"_s);
    row("anthropic large", 413, R"({"type":"error","error":{"type":"request_too_large","message":"m"}})",
        u"bad_request"_s);
    row("anthropic overloaded", 529, R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})",
        u"overloaded"_s);
    row("anthropic error", 500, R"({"type":"error","error":{"type":"api_error","message":"m"}})",
        u"server"_s);
    row("openai key", 401,
        R"({"error":{"message":"m","type":"invalid_request_error","code":"invalid_api_key"}})", u"sign_in"_s);
    row("openai no key", 401, R"({"error":{"message":"m","type":"invalid_request_error","code":null}})",
        u"sign_in"_s);
    row("openai model", 404,
        R"({"error":{"message":"m","type":"invalid_request_error","code":"model_not_found"}})",
        u"model_unavailable"_s);
    row("openai model not allowed", 403,
        R"({"error":{"message":"m","type":"invalid_request_error","code":"model_not_found"}})",
        u"model_unavailable"_s);
    row("openai limit", 429, R"({"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}})",
        u"rate_limited"_s);
    row("openai quota", 429,
        R"({"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}})", u"billing"_s);
    row("openai long", 400,
        R"({"error":{"message":"m","type":"invalid_request_error","code":"context_length_exceeded"}})",
        u"bad_request"_s);
    row("gemini key", 400,
        R"([{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}])",
        u"sign_in"_s);
    row("gemini limit", 429, R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}})",
        u"rate_limited"_s);
    row("gemini overloaded", 503, R"({"error":{"code":503,"message":"m","status":"UNAVAILABLE"}})",
        u"overloaded"_s);
    row("gemini overloaded, in other words", 529,
        R"({"error":{"code":529,"message":"m","status":"INTERNAL"}})", u"overloaded"_s);
    row("ollama model", 404, R"({"error":"model 'x' not found"})", u"model_unavailable"_s);
    row("a proxy", 502, "<html>Bad Gateway</html>", u"server"_s);
    row("a redirection", 302, "", u"protocol"_s);
    row("nothing", 418, "", u"bad_request"_s);
    row("payment", 402, "{}", u"billing"_s);
}

void TestModelFailures::refusals()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, problem);
    const ModelFailure failure = failureOf({.status = status, .headers = {}, .body = body}, now);
    QCOMPARE(enumName(failure.problem), problem);
    QVERIFY(failure.message.startsWith(u"HTTP %1: "_s.arg(status)));
    QVERIFY(!failure.resetAtMs);
}

void TestModelFailures::resets_data()
{
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<qint64>("afterMs"); // -1: not known
    const auto row = [](const char *name, const Headers &headers, qint64 after, const QByteArray &body = {}) {
        QTest::newRow(name) << headers << body << after;
    };
    row("none", {}, -1);
    row("seconds", {{"retry-after", "30"}}, 30'000);
    row("date", {{"retry-after", "Fri, 02 Jan 2026 03:05:05 GMT"}}, 60'000);
    row("nonsense", {{"retry-after", "soon"}}, -1);
    row("milliseconds", {{"retry-after", "1"}, {"retry-after-ms", "1500"}}, 1500);
    row("subscription",
        {{"retry-after", "1"},
         {"anthropic-ratelimit-unified-status", "rejected"},
         {"anthropic-ratelimit-unified-reset", QByteArray::number(now / 1000 + 3600)}},
        3'600'000);
    row("subscription that still allows",
        {{"retry-after", "1"},
         {"anthropic-ratelimit-unified-status", "allowed_warning"},
         {"anthropic-ratelimit-unified-reset", QByteArray::number(now / 1000 + 3600)}},
        1000);
    row("anthropic tokens",
        {{"anthropic-ratelimit-tokens-remaining", "0"},
         {"anthropic-ratelimit-tokens-reset", "2026-01-02T03:04:25Z"},
         {"anthropic-ratelimit-requests-remaining", "10"},
         {"anthropic-ratelimit-requests-reset", "2026-01-02T04:04:25Z"}},
        20'000);
    row("openai",
        {{"x-ratelimit-remaining-requests", "0"},
         {"x-ratelimit-reset-requests", "1m6.5s"},
         {"x-ratelimit-remaining-tokens", "100"},
         {"x-ratelimit-reset-tokens", "6h"}},
        66'500);
    row("openai, short", {{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "20ms"}}, 20);
    row("gemini", {}, 34'074,
        R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074s"}]}})");
}

void TestModelFailures::resets()
{
    QFETCH(Headers, headers);
    QFETCH(QByteArray, body);
    QFETCH(qint64, afterMs);
    const ModelFailure failure = failureOf({.status = 429, .headers = headers, .body = body}, now);
    QCOMPARE(failure.resetAtMs ? *failure.resetAtMs - now : -1, afterMs);
}

void TestModelFailures::onlyWhatMayHelpIsTriedAgain()
{
    QStringList tried;
    for (const auto &[problem, name] : EnumNames<ModelProblem>::table) {
        if (mayRetry(problem))
            tried += QString::fromLatin1(name);
    }
    QCOMPARE(tried, (QStringList{u"overloaded"_s, u"server"_s, u"network"_s, u"dropped"_s}));
}

QTEST_APPLESS_MAIN(TestModelFailures)
#include "tst_model_failures.moc"
