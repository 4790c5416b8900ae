// What the agents that Muster brings share: the protocol's end, the question to a person, the sessions'
// files.
#include "app/agent_io/agent_side_connection.h"
#include "app/agent_io/session_store.h"
#include "app/agent_io/session_updates.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <utime.h>

using namespace muster;
using namespace Qt::StringLiterals;

namespace muster {

struct Note {
    static constexpr qint64 maxBytes = 1024;

    QString id;
    QString text;
};

template <> struct Fields<Note> {
    static constexpr auto list = std::tuple{field("id", &Note::id), field("text", &Note::text)};
};

} // namespace muster

class TestAgentIo : public QObject {
    Q_OBJECT
private slots:
    void init();
    void itSaysWhatItCanDo();
    void requests_data();
    void requests();
    void linesInPieces();
    void cancelling();
    void questions_data();
    void questions();
    void nobodyToAsk();
    void updates();
    void sessionsComeBack();
    void sessionsAreForOneUser();
    void oldSessionsGo();
    void badIds_data();
    void badIds();
    void badFiles_data();
    void badFiles();
    void aSessionThatIsTooLargeIsNotKept();
    void noFolder();

private:
    [[nodiscard]] QString state() const { return m_folder->path() + u"/state"_s; }
    [[nodiscard]] QString fileOf(const QString &id) const { return state() + u'/' + id + u".json"; }
    [[nodiscard]] QJsonObject last() const
    {
        return m_said.isEmpty() ? QJsonObject() : QJsonDocument::fromJson(m_said.last()).object();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArrayList m_said;
    std::unique_ptr<AgentSideConnection> m_connection;
};

void TestAgentIo::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_said.clear();
    m_connection = std::make_unique<AgentSideConnection>(
        AgentDescription{.name = u"agent"_s, .title = u"An agent"_s, .loadsSessions = true},
        [this](const QByteArray &line) { m_said += line; });
}

void TestAgentIo::itSaysWhatItCanDo()
{
    m_connection->receive(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}})"
                          "\n");
    const QJsonObject result = last().value(u"result"_s).toObject();
    QCOMPARE(result.value(u"protocolVersion"_s).toInt(), 1);
    QCOMPARE(result.value(u"agentInfo"_s)[u"name"_s].toString(), u"agent"_s);
    QCOMPARE(result.value(u"agentInfo"_s)[u"title"_s].toString(), u"An agent"_s);
    QVERIFY(result.value(u"agentCapabilities"_s)[u"loadSession"_s].toBool());
    QVERIFY(result.value(u"agentCapabilities"_s)[u"sessionCapabilities"_s][u"resume"_s].isObject());
}

void TestAgentIo::requests_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("answers");
    QTest::addColumn<int>("error"); // its code
    QTest::newRow("answered") << R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":7}})"_ba << 1 << 0;
    QTest::newRow("params that are no object")
        << R"({"jsonrpc":"2.0","id":1,"method":"echo","params":[7]})"_ba << 1 << int{RpcInvalidParams};
    QTest::newRow("unknown") << R"({"jsonrpc":"2.0","id":1,"method":"other","params":{}})"_ba << 1
                             << int{RpcMethodNotFound};
    QTest::newRow("refused") << R"({"jsonrpc":"2.0","id":1,"method":"no","params":{}})"_ba << 1
                             << resourceNotFound;
    QTest::newRow("no message") << "hello"_ba << 0 << 0;
    QTest::newRow("nothing") << "  "_ba << 0 << 0;
}

void TestAgentIo::requests()
{
    QFETCH(QByteArray, line);
    QFETCH(int, answers);
    QFETCH(int, error);
    m_connection->on(
        u"echo"_s, [this](const RpcId &id, const QJsonObject &params) { m_connection->respond(id, params); });
    m_connection->on(u"no"_s, [this](const RpcId &id, const QJsonObject &) {
        m_connection->refuse(id, resourceNotFound, u"no such thing"_s);
    });
    m_connection->receive(line + '\n');
    QCOMPARE(m_said.size(), answers);
    QCOMPARE(last().value(u"error"_s)[u"code"_s].toInt(), error);
    if (answers > 0 && error == 0)
        QCOMPARE(last().value(u"result"_s)[u"a"_s].toInt(), 7);
}

void TestAgentIo::linesInPieces()
{
    const QByteArray line = R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})"_ba + '\n';
    m_connection->receive(line.first(20));
    QVERIFY(m_said.isEmpty());
    m_connection->receive(line.sliced(20) + line.first(5));
    QCOMPARE(m_said.size(), 1);
}

void TestAgentIo::cancelling()
{
    QStringList cancelled;
    m_connection->onNotification(u"session/cancel"_s, [&](const QJsonObject &params) {
        cancelled += params.value(u"sessionId"_s).toString();
    });
    m_connection->receive(R"({"jsonrpc":"2.0","method":"session/cancel","params":{"sessionId":"s1"}})"
                          "\n");
    m_connection->receive(R"({"jsonrpc":"2.0","method":"session/cancel","params":[]})"
                          "\n");
    QCOMPARE(cancelled, (QStringList{u"s1"_s, QString()}));
    QVERIFY(m_said.isEmpty());
}

void TestAgentIo::questions_data()
{
    QTest::addColumn<QByteArray>("answer"); // result or error
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("message");
    QTest::newRow("allowed") << R"("result":{"outcome":{"outcome":"selected","optionId":"allow_once"}})"_ba
                             << true << QString();
    QTest::newRow("denied with words")
        << R"("result":{"outcome":{"outcome":"selected","optionId":"reject_once"},"_meta":{"message":"Later."}})"_ba
        << false << u"Later."_s;
    QTest::newRow("an option that was not offered")
        << R"("result":{"outcome":{"outcome":"selected","optionId":"allow_always"}})"_ba << false
        << QString();
    QTest::newRow("cancelled") << R"("result":{"outcome":{"outcome":"cancelled"}})"_ba << false << QString();
    QTest::newRow("no object") << R"("result":true)"_ba << false << QString();
    QTest::newRow("error") << R"("error":{"code":-32603,"message":"cannot ask"})"_ba << false
                           << u"cannot ask"_s;
}

void TestAgentIo::questions()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, allowed);
    QFETCH(QString, message);
    const auto asked = m_connection->ask(u"s1"_s, {{u"toolCallId"_s, u"t1"_s}});
    QCOMPARE(last().value(u"method"_s).toString(), u"session/request_permission"_s);
    const QJsonObject params = last().value(u"params"_s).toObject();
    QCOMPARE(params.value(u"sessionId"_s).toString(), u"s1"_s);
    QCOMPARE(params.value(u"toolCall"_s)[u"toolCallId"_s].toString(), u"t1"_s);
    QCOMPARE(params.value(u"options"_s).toArray().size(), 2);
    QVERIFY(!asked.isFinished());
    m_connection->receive(R"({"jsonrpc":"2.0","id":)" + QByteArray::number(last().value(u"id"_s).toInt()) +
                          ',' + answer + "}\n");
    QVERIFY(asked.isFinished());
    QVERIFY(asked.result());
    QCOMPARE(asked.result()->allowed, allowed);
    QCOMPARE(asked.result()->message, message);
}

void TestAgentIo::nobodyToAsk()
{
    const auto before = m_connection->ask(u"s1"_s, {});
    m_connection->close();
    QVERIFY(before.isFinished());
    QVERIFY(before.result());
    QVERIFY(!before.result()->allowed);
    const auto after = m_connection->ask(u"s1"_s, {});
    QVERIFY(after.isFinished());
    QVERIFY(!after.result());
}

void TestAgentIo::updates()
{
    m_connection->update(u"s1"_s, textUpdate(u"agent_message_chunk"_s, u"m1"_s, u"Hi"_s));
    QCOMPARE(last().value(u"method"_s).toString(), u"session/update"_s);
    QCOMPARE(last().value(u"params"_s)[u"sessionId"_s].toString(), u"s1"_s);
    const QJsonValue update = last().value(u"params"_s)[u"update"_s];
    QCOMPARE(update[u"messageId"_s].toString(), u"m1"_s);
    QCOMPARE(update[u"content"_s][u"text"_s].toString(), u"Hi"_s);
    QVERIFY(!textUpdate(u"agent_message_chunk"_s, {}, {}).contains(u"messageId"_s));
    QVERIFY(!toolUpdate(u"t1"_s, u"failed"_s).contains(u"content"_s));
    QCOMPARE(
        warningUpdate(u"c"_s, u"w"_s).value(u"_meta"_s)[u"muster"_s][u"warning"_s][u"message"_s].toString(),
        u"w"_s);
    QCOMPARE(linkText({{u"uri"_s, u"file:///tmp/a%20b"_s}}), u"Attached file: /tmp/a b"_s);
    QCOMPARE(linkText({{u"uri"_s, u"https://a.test/x"_s}}), u"Attached file: https://a.test/x"_s);
}

void TestAgentIo::sessionsComeBack()
{
    const SessionStore<Note> store(state());
    auto made = store.create({.id = {}, .text = u"grün"_s});
    QVERIFY(made);
    made->text += u'!';
    QVERIFY(store.save(*made));
    const auto back = SessionStore<Note>(state()).load(made->id);
    QVERIFY(back);
    QCOMPARE(back->text, u"grün!"_s);
    const auto other = store.create({.id = made->id, .text = {}});
    QVERIFY(other);
    QVERIFY(other->id != made->id);
}

void TestAgentIo::sessionsAreForOneUser()
{
    const auto made = SessionStore<Note>(state()).create({});
    QVERIFY(made);
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                                          QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFileInfo(state()).permissions() & others, QFile::Permissions());
    QCOMPARE(QFileInfo(fileOf(made->id)).permissions() & others, QFile::Permissions());
}

void TestAgentIo::oldSessionsGo()
{
    const SessionStore<Note> store(state());
    const auto old = store.create({});
    const auto young = store.create({});
    QVERIFY(old && young);
    const utimbuf longAgo{.actime = 1, .modtime = 1};
    QCOMPARE(utime(QFile::encodeName(fileOf(old->id)).constData(), &longAgo), 0);
    QVERIFY(store.load(old->id));
    QVERIFY(store.create({}));
    QCOMPARE(store.load(old->id).error().code, ErrorCode::NotFound);
    QVERIFY(store.load(young->id));
}

void TestAgentIo::badIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<ErrorCode>("code");
    const QString uuid = u"0123abcd-0000-4000-8000-000000000000"_s;
    QTest::newRow("none there") << uuid << ErrorCode::NotFound;
    QTest::newRow("empty") << QString() << ErrorCode::InvalidArgument;
    QTest::newRow("above") << QString(u"../"_s + uuid) << ErrorCode::InvalidArgument;
    QTest::newRow("more after it") << QString(uuid + u"/../x"_s) << ErrorCode::InvalidArgument;
    QTest::newRow("in capitals") << uuid.toUpper() << ErrorCode::InvalidArgument;
}

void TestAgentIo::badIds()
{
    QFETCH(QString, id);
    QFETCH(ErrorCode, code);
    const SessionStore<Note> store(state());
    QVERIFY(store.create({}));
    QCOMPARE(store.load(id).error().code, code);
}

void TestAgentIo::badFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("broken off") << "{\"id\": 7"_ba;
    QTest::newRow("no session") << "[1]"_ba;
    QTest::newRow("another's") << R"({"id": "0123abcd-0000-4000-8000-000000000000", "text": ""})"_ba;
}

void TestAgentIo::badFiles()
{
    QFETCH(QByteArray, content);
    const SessionStore<Note> store(state());
    const auto made = store.create({});
    QVERIFY(made);
    QFile file(fileOf(made->id));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(store.load(made->id).error().code, ErrorCode::Corrupt);
}

void TestAgentIo::aSessionThatIsTooLargeIsNotKept()
{
    const SessionStore<Note> store(state());
    auto made = store.create({.id = {}, .text = u"before"_s});
    QVERIFY(made);
    made->text = QString(Note::maxBytes, u'x');
    QCOMPARE(store.save(*made).error().code, ErrorCode::TooLarge);
    QCOMPARE(store.load(made->id)->text, u"before"_s);
}

void TestAgentIo::noFolder()
{
    QFile inTheWay(state());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QCOMPARE(SessionStore<Note>(state()).create({}).error().code, ErrorCode::Io);
}

QTEST_GUILESS_MAIN(TestAgentIo)
#include "tst_agent_io.moc"
