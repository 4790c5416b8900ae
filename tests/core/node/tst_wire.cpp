// The node protocol: every request and answer survives its codec; frames survive any split; what is wrong is
// refused with its place.
#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"
#include "core/node/api/wire.h"

#include <QTest>

using namespace muster;
using namespace muster::api;
using namespace Qt::StringLiterals;

class TestWire : public QObject {
    Q_OBJECT
private slots:
    void commandsRoundTrip();
    void queriesRoundTrip();
    void repliesRoundTrip();
    void noticesRoundTrip();
    void unknownNamesAreUnsupported();
    void wrongTypesNameTheKey();
    void framesSurviveEverySplit();
    void tooLargeFrameIsRefused();
    void errorsRoundTrip();
};

namespace {
template <typename Variant, size_t I = 0, typename Fn> void eachAlternative(Fn fn)
{
    if constexpr (I < std::variant_size_v<Variant>) {
        fn(Variant(std::in_place_index<I>));
        eachAlternative<Variant, I + 1>(fn);
    }
}
} // namespace

void TestWire::commandsRoundTrip()
{
    eachAlternative<Command>([](const Command &command) {
        const auto back = commandFrom(nameOf(command), bodyOf(command));
        QVERIFY(back);
        QCOMPARE(back->index(), command.index());
        QCOMPARE(bodyOf(*back), bodyOf(command));
    });
    const Command start = StartRun{.project = u"/p"_s,
                                   .flow = u"survey"_s,
                                   .inputs = {{u"focus"_s, u"x"_s}},
                                   .runtime = u"demo"_s,
                                   .unattended = true,
                                   .approve = true,
                                   .trust = false};
    const auto back = commandFrom(nameOf(start), bodyOf(start));
    QVERIFY(back);
    QCOMPARE(std::get<StartRun>(*back).inputs.value(u"focus").toString(), u"x"_s);
    QVERIFY(std::get<StartRun>(*back).approve);
}

void TestWire::queriesRoundTrip()
{
    eachAlternative<Query>([](const Query &query) {
        const auto back = queryFrom(nameOf(query), bodyOf(query));
        QVERIFY(back);
        QCOMPARE(back->index(), query.index());
        QCOMPARE(bodyOf(*back), bodyOf(query));
    });
}

void TestWire::repliesRoundTrip()
{
    RunDetail detail;
    detail.run = {.id = {3},
                  .number = 2,
                  .flow = u"survey"_s,
                  .status = RunStatus::Failed,
                  .reason = FailureReason::Stalled};
    detail.steps.push_back({.id = {9},
                            .stepId = u"read"_s,
                            .index = 1,
                            .status = StepStatus::Waiting,
                            .needs = {u"inventory"_s}});
    const auto back = replyFrom(GetRun{}, bodyOf(QueryReply(detail)));
    QVERIFY(back);
    QCOMPARE(bodyOf(*back), bodyOf(QueryReply(detail)));
    QCOMPARE(std::get<RunDetail>(*back).run.reason, FailureReason::Stalled);

    const QueryReply events =
        std::vector<Event>{{.seq = 4, .atMs = 5, .kind = u"run.started"_s, .refs = {.run = {3}}}};
    const auto eventsBack = replyFrom(ListEvents{}, bodyOf(events));
    QVERIFY(eventsBack);
    QCOMPARE(std::get<std::vector<Event>>(*eventsBack).at(0).refs.run.value, 3);
}

void TestWire::noticesRoundTrip()
{
    const Notice notice = StreamNotice{.task = {1}, .channel = u"text"_s, .offset = 10, .text = u"añ"_s};
    const auto back = noticeFrom(nameOf(notice), bodyOf(notice));
    QVERIFY(back);
    QCOMPARE(std::get<StreamNotice>(*back).text, u"añ"_s);
}

void TestWire::unknownNamesAreUnsupported()
{
    QCOMPARE(commandFrom(u"make_coffee"_s, {}).error().code, ErrorCode::Unsupported);
    QCOMPARE(queryFrom(u"who_am_i"_s, {}).error().code, ErrorCode::Unsupported);
    QCOMPARE(noticeFrom(u"rumour"_s, {}).error().code, ErrorCode::Unsupported);
}

void TestWire::wrongTypesNameTheKey()
{
    const auto refused = commandFrom(u"start_run"_s, {{u"flow"_s, 5}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Protocol);
    QCOMPARE(refused.error().where, u"flow"_s);
}

void TestWire::framesSurviveEverySplit()
{
    const QJsonObject message{{u"id"_s, 1}, {u"query"_s, u"list_runs"_s}, {u"x"_s, u"añ"_s}};
    const QByteArray bytes = encodeFrame(message) + encodeFrame(message);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        FrameReader reader;
        int seen = 0;
        for (const QByteArray &part : {bytes.first(cut), bytes.sliced(cut)}) {
            reader.append(part);
            while (true) {
                const auto next = reader.next();
                QVERIFY(next);
                if (!*next)
                    break;
                QCOMPARE(**next, message);
                ++seen;
            }
        }
        QCOMPARE(seen, 2);
    }
}

void TestWire::tooLargeFrameIsRefused()
{
    FrameReader reader;
    reader.append(QByteArray("\xff\xff\xff\xff garbage"));
    const auto next = reader.next();
    QVERIFY(!next);
    QCOMPARE(next.error().code, ErrorCode::TooLarge);
}

void TestWire::errorsRoundTrip()
{
    const Error error{.code = ErrorCode::NotTrusted, .detail = u"/p"_s, .where = u"flow"_s};
    QCOMPARE(errorFromJson(errorToJson(error)), error);
}

QTEST_GUILESS_MAIN(TestWire)
#include "tst_wire.moc"
