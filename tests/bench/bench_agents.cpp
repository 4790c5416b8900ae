// Rows 9 and 10 of the bars: what agents say is decoded, and decoded, stored and found again. Beside it
// simdjson over the same bytes, reading each line and taking what tells what it is and its text over as
// QStrings; and the same with plain SQLite calls that write the same rows. Interleaved rounds, medians.
// Decoding is one thread, and timed by that thread's CPU clock, so that others on the machine do not count;
// simdjson without taking anything over is printed too.
//
// MUSTER_BENCH_EVENTS: how many events a round (200 000).
#include "core/base/clock.h"
#include "core/node/work/event_mask.h"
#include "core/node/work/stream_recorder.h"
#include "core/protocol/acp/acp_adapter.h"
#include "core/protocol/claude/claude_adapter.h"
#include "core/store/search_index.h"
#include "tests/bench/agent_streams.h"
#include "tests/bench/raw_stream_store.h"
#include "tests/support/temp_store.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonDocument>

#include <simdjson.h>

#include <ctime>

using namespace muster;
using namespace muster::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr int rounds = 7;
constexpr qsizetype pieceBytes = 64 * 1024; // as a pipe gives them
constexpr qint64 eventsOfTask = 50'000;
constexpr qint64 mostUnwritten = 512LL * 1024;

double secondsOf(const QElapsedTimer &timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e9; }

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

// Gives the adapter what the other side answers to its handshake, and counts.
class CountingSink : public ProtocolSink {
public:
    void answer(AgentProtocol &protocol)
    {
        for (const QByteArray &line : std::exchange(m_sent, {})) {
            const QJsonObject message = QJsonDocument::fromJson(line).object();
            const QByteArray id = QByteArray::number(message.value("id"_L1).toInt());
            const QString method = message.value("method"_L1).toString();
            QByteArray answer;
            if (method == "initialize"_L1)
                answer = R"({"id":)" + id + R"(,"result":{"protocolVersion":1,"agentCapabilities":{}}})";
            else if (method == "session/new"_L1)
                answer = R"({"id":)" + id + R"(,"result":{"sessionId":"2a6d3c1e-session"}})";
            else if (message.value("type"_L1).toString() == "control_request"_L1)
                answer = R"({"type":"control_response","response":{"subtype":"success","request_id":")" +
                         message.value("request_id"_L1).toString().toUtf8() + R"(","response":{}}})";
            if (!answer.isEmpty())
                protocol.receive(answer.append('\n'));
        }
        if (!m_sent.isEmpty())
            answer(protocol);
    }
    void send(const QByteArray &bytes) override { m_sent.append(bytes); }
    void opened(const SessionStarted &) override { isOpen = true; }
    void openFailed(const OpenFailure &failure) override { qFatal("%s", qPrintable(failure.detail)); }
    void happened(const SessionEvent &event) override
    {
        ++events;
        if (const auto *text = std::get_if<TextDelta>(&event))
            units += text->text.size();
    }
    void withdrew(const QString &) override {}
    void repeated(const ReplayedItem &) override {}
    void wantsFile(const FileRequest &) override {}

    qint64 events = 0;
    qint64 units = 0;
    bool isOpen = false;

private:
    QByteArrayList m_sent;
};

std::unique_ptr<AgentProtocol> openProtocol(StreamKind kind, CountingSink &sink)
{
    std::unique_ptr<AgentProtocol> protocol;
    if (kind == StreamKind::Claude)
        protocol = std::make_unique<ClaudeAdapter>(sink, StreamJsonQuirks{});
    else
        protocol = std::make_unique<AcpAdapter>(sink, AcpQuirks{});
    protocol->open({.workingDir = u"/"_s, .resumeId = {}, .model = {}, .mcpServers = {}});
    sink.answer(*protocol);
    if (!sink.isOpen || !protocol->prompt({.text = u"go"_s, .attachments = {}}))
        qFatal("not opened");
    return protocol;
}

void feed(AgentProtocol &protocol, const QByteArray &stream, const std::function<void()> &afterPiece = [] {})
{
    for (qsizetype at = 0; at < stream.size(); at += pieceBytes) {
        protocol.receive(QByteArrayView(stream).sliced(at, std::min(pieceBytes, stream.size() - at)));
        afterPiece();
    }
}

// Calls `take` with each line's document.
template <typename Take> void parseLines(const QByteArray &stream, Take take)
{
    simdjson::dom::parser parser;
    for (qsizetype begin = 0; begin < stream.size();) {
        const qsizetype end = stream.indexOf('\n', begin);
        simdjson::dom::element document;
        // What follows in the stream is the padding; its last line has some of its own.
        if (parser.parse(stream.constData() + begin, static_cast<size_t>(end - begin), false).get(document))
            qFatal("not JSON");
        take(document);
        begin = end + 1;
    }
}

qsizetype takeOver(const simdjson::simdjson_result<simdjson::dom::element> &value)
{
    std::string_view found;
    if (value.get(found))
        return 0;
    return QString::fromUtf8(found.data(), static_cast<qsizetype>(found.size())).size();
}

// What any reader of these needs.
qsizetype takeFields(StreamKind kind, const simdjson::dom::element &document)
{
    if (kind == StreamKind::Claude) {
        const auto event = document["event"];
        return takeOver(document["type"]) + takeOver(event["type"]) + takeOver(event["delta"]["text"]);
    }
    const auto params = document["params"];
    const auto update = params["update"];
    const qsizetype units =
        takeOver(document["method"]) + takeOver(params["sessionId"]) + takeOver(update["sessionUpdate"]);
    const qsizetype text = takeOver(update["content"]["text"]);
    return units + (text > 0 ? text + takeOver(update["messageId"])
                             : takeOver(update["toolCallId"]) + takeOver(update["title"]));
}

struct Row {
    const char *name;
    StreamKind kind;
};

void addRows()
{
    QTest::addColumn<StreamKind>("kind");
    for (const Row &row :
         {Row{"ACP, text", StreamKind::Acp}, Row{"ACP, text, members sorted", StreamKind::AcpSorted},
          Row{"ACP, a tenth of it tools", StreamKind::AcpTools},
          Row{"Claude Code, text", StreamKind::Claude}})
        QTest::newRow(row.name) << row.kind;
}

// What a task's events become in the store, as AgentJob has them written.
class StoringSink final : public CountingSink {
public:
    StoringSink(Ledger &ledger, StreamRecorder &streams)
        : m_ledger(ledger)
        , m_streams(streams)
    {
    }
    void happened(const SessionEvent &event) override
    {
        for (const SessionEvent &told : m_mask.take(event)) {
            CountingSink::happened(told);
            if (const auto *text = std::get_if<TextDelta>(&told)) {
                // Of one task no more is kept than 16 M characters.
                m_streams.add({.task = task(), .refs = {.task = task()}}, StreamChannel::Text,
                              text->messageId, text->text);
            } else {
                record(told);
            }
        }
    }

    [[nodiscard]] TaskId task() const { return TaskId{1 + events / eventsOfTask}; }

private:
    void record(const SessionEvent &event)
    {
        m_ledger.commit(
            nullptr, [kind = kindOf(event), data = toJson(event)](Connection &, EventBatch &log) -> Status {
            log.add(kind, {.task = {1}, .session = {1}}, u"agent:1"_s, data);
            return {};
        });
    }

    Ledger &m_ledger;
    StreamRecorder &m_streams;
    EventMask m_mask;
};

} // namespace

class BenchAgents : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void decode_data() { addRows(); }
    void decode();
    void store_data() { addRows(); }
    void store();

private:
    struct Stored {
        double seconds = 0;
        double findableMs = 0;
    };
    [[nodiscard]] Stored storeOurs(StreamKind kind, const QByteArray &stream) const;
    [[nodiscard]] static double storeRaw(StreamKind kind, const QByteArray &stream);

    int m_events = 200'000;
};

void BenchAgents::initTestCase()
{
    if (qEnvironmentVariableIsSet("MUSTER_BENCH_EVENTS"))
        m_events = qEnvironmentVariableIntValue("MUSTER_BENCH_EVENTS");
}

void BenchAgents::decode()
{
    QFETCH(StreamKind, kind);
    const QByteArray stream = agentStream(kind, m_events);
    std::vector<double> ours;
    std::vector<double> ratios;
    std::vector<double> raw;
    std::vector<double> bare;
    const auto perSecond = [this](const auto &work) {
        const double begin = threadSeconds();
        work();
        return m_events / (threadSeconds() - begin);
    };
    for (int round = 0; round < rounds; ++round) {
        qint64 units = 0;
        bare.push_back(perSecond([&] { parseLines(stream, [&](const auto &) { ++units; }); }));
        raw.push_back(perSecond(
            [&] { parseLines(stream, [&](const auto &document) { units += takeFields(kind, document); }); }));
        QVERIFY(units > m_events);
        CountingSink sink;
        const auto protocol = openProtocol(kind, sink);
        ours.push_back(perSecond([&] { feed(*protocol, stream); }));
        ratios.push_back(ours.back() / raw.back());
        QVERIFY(sink.events >= m_events * 9 / 10);
        QVERIFY(sink.units > 0);
    }
    const auto [low, high] = std::ranges::minmax(ratios);
    qInfo("row 9: decode, %-26s %5.2f M events/s, %4.0f MB/s, of simdjson's %5.2f M (bare %.2f M): ratio "
          "%.2f (%.2f "
          "to %.2f), bar 0.60",
          QTest::currentDataTag(), median(ours) / 1e6, median(ours) * eventBytes / 1e6, median(raw) / 1e6,
          median(bare) / 1e6, median(ratios), low, high);
}

BenchAgents::Stored BenchAgents::storeOurs(StreamKind kind, const QByteArray &stream) const
{
    TempStore temp;
    temp.options.durability = Durability::Full;
    const SystemClock clock;
    Store *store = temp.open();
    EventHub hub(*store);
    hub.begin(0);
    Ledger ledger(*store, hub, clock);
    StreamRecorder streams(ledger);
    StoringSink sink(ledger, streams);
    const auto protocol = openProtocol(kind, sink);
    QElapsedTimer timer;
    timer.start();
    feed(*protocol, stream, [&] {
        // Held back as AgentJob does it.
        QCoreApplication::processEvents();
        while (streams.unwritten(sink.task()) >= mostUnwritten)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    });
    QElapsedTimer end;
    end.start();
    QEventLoop loop;
    qint64 left = m_events / eventsOfTask + 1;
    for (qint64 task = left; task > 0; --task) {
        streams.finish(TaskId{task}, [&] {
            if (--left == 0)
                store->writer().drain(&loop, [&] { loop.quit(); });
        });
    }
    loop.exec();
    Stored stored{.seconds = secondsOf(timer)};
    for (bool more = true; more;) {
        const auto fed = waitFor<bool>([&](auto done) { store->indexBatch(1000, nullptr, std::move(done)); });
        more = fed && *fed && **fed;
    }
    const QString last = u"n%1"_s.arg(kind == StreamKind::AcpTools ? m_events - 1 : m_events);
    const auto hits = writeAndWait<std::vector<SearchHit>>(*store, [&last](Connection &db) {
        return SearchIndex(db).search(SearchScope::Streams, u'"' % last % u'"', 0, 10);
    });
    if (!hits || !*hits || (*hits)->empty())
        qFatal("not found: %s, %s", qPrintable(last), hits && !*hits ? qPrintable(hits->error().detail) : "");
    stored.findableMs = secondsOf(end) * 1000;
    return stored;
}

double BenchAgents::storeRaw(StreamKind kind, const QByteArray &stream)
{
    TempStore temp;
    (void)temp.open();
    temp.store.reset();
    RawStreamStore raw(temp.options.file);
    QElapsedTimer timer;
    timer.start();
    parseLines(stream, [&](const simdjson::dom::element &document) {
        std::string_view text;
        if (kind == StreamKind::Claude) {
            if (!document["event"]["delta"]["text"].get(text))
                raw.text(text);
            return;
        }
        const simdjson::dom::element update = document["params"]["update"];
        if (!update["content"]["text"].get(text))
            raw.text(text);
        else
            raw.event(simdjson::minify(update));
    });
    raw.finish();
    return secondsOf(timer);
}

void BenchAgents::store()
{
    QFETCH(StreamKind, kind);
    const QByteArray stream = agentStream(kind, m_events);
    std::vector<double> ours;
    std::vector<double> raw;
    std::vector<double> ratios;
    std::vector<double> findable;
    for (int round = 0; round < rounds; ++round) {
        raw.push_back(m_events / storeRaw(kind, stream));
        const Stored stored = storeOurs(kind, stream);
        ours.push_back(m_events / stored.seconds);
        ratios.push_back(ours.back() / raw.back());
        findable.push_back(stored.findableMs);
    }
    const auto [low, high] = std::ranges::minmax(ratios);
    qInfo("row 10: stored, %-26s %6.0f of %6.0f thousand/s: ratio %.2f (%.2f to %.2f), bar 0.70; all "
          "findable %.0f ms "
          "after the last byte (longest %.0f), bar 2000",
          QTest::currentDataTag(), median(ours) / 1e3, median(raw) / 1e3, median(ratios), low, high,
          median(findable), *std::ranges::max_element(findable));
}

QTEST_GUILESS_MAIN(BenchAgents)
#include "bench_agents.moc"
