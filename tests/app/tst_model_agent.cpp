// The parts of the agent behind the HTTP runtimes: what it is told, what its tools would do and do, what it
// keeps.
#include "app/model_agent/serve/conversation.h"
#include "app/model_agent/serve/options.h"
#include "app/model_agent/tools/command_run.h"
#include "app/model_agent/tools/file_tools.h"
#include "app/model_agent/turn/instructions.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace muster::model;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 30'000;

} // namespace

class TestModelAgent : public QObject {
    Q_OBJECT
private slots:
    void init();
    void addresses_data();
    void addresses();
    void optionsComeFromTheCommandLineAndTheEnvironment();
    void badOptions_data();
    void badOptions();
    void plans_data();
    void plans();
    void linksLeadNowhereElse();
    void reads();
    void lists();
    void searches();
    void aSearchCanBeEnded();
    void writes();
    void edits();
    void aFileThatChangedIsLeftAlone();
    void commands_data();
    void commands();
    void longOutputKeepsBothEnds();
    void aCommandThatDoesNotListenIsEnded();
    void conversationsComeBack();
    void openCallsAreClosed();
    void promptsAreOneText();

private:
    [[nodiscard]] QString root() const { return m_folder->path() + u"/w"_s; }
    void put(const QString &relative, const QByteArray &content) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(root() + u'/' + relative).path()));
        QFile file(root() + u'/' + relative);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    [[nodiscard]] QByteArray content(const QString &relative) const
    {
        QFile file(root() + u'/' + relative);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] ToolPlan plan(const QString &tool, const QJsonObject &input) const
    {
        return planTool(root(), {.kind = ModelPartKind::ToolCall, .tool = tool, .input = input}, 600s);
    }
    [[nodiscard]] ToolAnswer perform(const QString &tool, const QJsonObject &input) const
    {
        const ToolPlan made = plan(tool, input);
        if (!made.refusal.isEmpty())
            return {.failed = true, .text = made.refusal};
        const std::atomic_bool stop = false;
        return performFileTool(root(), made, stop);
    }
    [[nodiscard]] Conversation conversation() const
    {
        return {.id = {}, .folder = root(), .api = u"chat"_s, .model = u"m"_s, .messages = {}};
    }
    static Result<CommandResult> finished(const QFuture<Result<CommandResult>> &future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, patience))
            return fail(ErrorCode::Timeout);
        return future.result();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestModelAgent::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(root()));
}

void TestModelAgent::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    const auto row = [](const QString &text, const QString &address) {
        QTest::newRow(qPrintable(text)) << text << address;
    };
    row(u"https://api.example.com"_s, u"https://api.example.com"_s);
    row(u"https://api.example.com/v1/ "_s, u"https://api.example.com/v1"_s);
    row(u"http://127.0.0.1:8080/v1"_s, u"http://127.0.0.1:8080/v1"_s);
    row(u"127.0.0.1:1234"_s, u"http://127.0.0.1:1234"_s);
    row(u"0.0.0.0"_s, u"http://127.0.0.1:11434"_s);
    row(u"box"_s, u"http://box:11434"_s);
    row(u"file:///etc/passwd"_s, {});
    row(u"ftp://x"_s, {});
    row(u"http://"_s, {});
    row(u" "_s, {});
}

void TestModelAgent::addresses()
{
    QFETCH(QString, text);
    QFETCH(QString, address);
    QCOMPARE(addressFrom(text).toString(), address);
}

void TestModelAgent::optionsComeFromTheCommandLineAndTheEnvironment()
{
    qputenv("TEST_ONE", "");
    qputenv("TEST_TWO", "the-key\n");
    qputenv("TEST_ADDRESS", "http://127.0.0.1:9/x/");
    qputenv("MUSTER_MODEL_MAX_CALLS", "7");
    qputenv("MUSTER_MODEL_RETRIES", "-1");
    qputenv("MUSTER_MODEL_STATE", "/state");
    const auto options =
        readOptions({u"agent"_s, u"--api"_s, u"gemini"_s, u"--title"_s, u"T"_s, u"--address"_s,
                     u"https://x"_s, u"--address-env"_s, u"TEST_ADDRESS"_s, u"--key-env"_s, u"TEST_ONE"_s,
                     u"--key-env"_s, u"TEST_TWO"_s, u"--model"_s, u"m"_s});
    for (const char *name :
         {"TEST_ADDRESS", "MUSTER_MODEL_MAX_CALLS", "MUSTER_MODEL_RETRIES", "MUSTER_MODEL_STATE"})
        qunsetenv(name);
    QVERIFY(options);
    QCOMPARE(options->api, ModelApiKind::Gemini);
    QCOMPARE(options->key, "the-key"_ba);
    QVERIFY(!qEnvironmentVariableIsSet("TEST_TWO")); // taken, for no child to have
    QCOMPARE(options->address.toString(), u"http://127.0.0.1:9/x"_s);
    QCOMPARE(options->maxCalls, 7);
    QCOMPARE(options->maxRetries, Options().maxRetries);
    QCOMPARE(options->stateFolder, u"/state"_s);
    QCOMPARE(options->model, u"m"_s);
    QVERIFY(options->keyNeeded);
}

void TestModelAgent::badOptions_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("none") << QStringList{};
    QTest::newRow("api") << QStringList{u"--api"_s, u"telepathy"_s};
    QTest::newRow("unknown") << QStringList{u"--api"_s, u"chat"_s, u"--colour"_s, u"red"_s};
    QTest::newRow("more words") << QStringList{u"--api"_s, u"chat"_s, u"hello"_s};
}

void TestModelAgent::badOptions()
{
    QFETCH(QStringList, arguments);
    QVERIFY(!readOptions(QStringList{u"agent"_s} + arguments));
}

void TestModelAgent::plans_data()
{
    QTest::addColumn<QString>("tool");
    QTest::addColumn<QJsonObject>("input");
    QTest::addColumn<QString>("outcome"); // free, asks, or what the refusal says
    const auto row = [](const char *name, const QString &tool, const QJsonObject &input,
                        const QString &outcome) {
        QTest::newRow(name) << tool << input << outcome;
    };
    const auto path = [](const QString &to) {
        return QJsonObject{{u"path"_s, to}, {u"content"_s, u"x"_s}};
    };
    row("read", u"read_file"_s, path(u"a.txt"_s), u"free"_s);
    row("list", u"list_files"_s, {}, u"free"_s);
    row("search", u"search"_s, {{u"text"_s, u"x"_s}}, u"free"_s);
    row("secrets", u"read_file"_s, path(u".env"_s), u"asks"_s);
    row("keys", u"search"_s, {{u"text"_s, u"x"_s}, {u"path"_s, u"deploy.pem"_s}}, u"asks"_s);
    row("write", u"write_file"_s, path(u"new/b.txt"_s), u"asks"_s);
    row("write in .git", u"write_file"_s, path(u".git/hooks/pre-commit"_s), u"asks"_s);
    row("run", u"run_command"_s, {{u"command"_s, u"true"_s}}, u"asks"_s);
    row("above", u"read_file"_s, path(u"../secret"_s), u"outside"_s);
    row("above, inside", u"read_file"_s, path(u"sub/../../secret"_s), u"outside"_s);
    row("absolute", u"write_file"_s, path(u"/etc/passwd"_s), u"outside"_s);
    row("NUL", u"read_file"_s, path(u"a\0b"_s), u"cannot be resolved"_s);
    row("no path", u"read_file"_s, {}, u"\"path\" is missing"_s);
    row("null path", u"read_file"_s, {{u"path"_s, QJsonValue::Null}}, u"\"path\" is missing"_s);
    row("path is a number", u"read_file"_s, {{u"path"_s, 7}}, u"\"path\" must be of type string"_s);
    row("content is missing", u"write_file"_s, {{u"path"_s, u"a"_s}}, u"\"content\" is missing"_s);
    row("over a folder", u"write_file"_s, path(u"sub"_s), u"Cannot be written"_s);
    row("empty command", u"run_command"_s, {{u"command"_s, u" "_s}}, u"no command line"_s);
    row("no such tool", u"format_disk"_s, {}, u"no such tool"_s);
    row("edit nothing", u"edit_file"_s,
        {{u"path"_s, u"none"_s}, {u"old_text"_s, u"a"_s}, {u"new_text"_s, u"b"_s}}, u"Cannot be read"_s);
}

void TestModelAgent::plans()
{
    QFETCH(QString, tool);
    QFETCH(QJsonObject, input);
    QFETCH(QString, outcome);
    put(u"a.txt"_s, "x");
    put(u"sub/c.txt"_s, "x");
    const ToolPlan made = plan(tool, input);
    if (outcome == u"free" || outcome == u"asks") {
        QCOMPARE(made.refusal, QString());
        QCOMPARE(made.asks, outcome == u"asks");
    } else {
        QVERIFY2(made.refusal.contains(outcome), qPrintable(made.refusal));
    }
}

void TestModelAgent::linksLeadNowhereElse()
{
    QVERIFY(QDir().mkpath(m_folder->path() + u"/other"_s));
    QFile secret(m_folder->path() + u"/other/secret.txt"_s);
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.write("hidden words\n");
    secret.close();
    QVERIFY(QFile::link(m_folder->path() + u"/other"_s, root() + u"/door"_s));
    QVERIFY(QFile::link(secret.fileName(), root() + u"/note.txt"_s));
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"note.txt"_s}}).failed);
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"door/secret.txt"_s}}).failed);
    QVERIFY(perform(u"list_files"_s, {{u"path"_s, u"door"_s}}).failed);
    QVERIFY(!perform(u"search"_s, {{u"text"_s, u"hidden"_s}}).text.contains(u"hidden words"));
    QVERIFY(!perform(u"list_files"_s, {}).text.contains(u"secret.txt"));
    // A link that is put there after the plan was made.
    put(u"later.txt"_s, "x");
    const ToolPlan made = plan(u"read_file"_s, {{u"path"_s, u"later.txt"_s}});
    QVERIFY(QFile::remove(root() + u"/later.txt"_s));
    QVERIFY(QFile::link(secret.fileName(), root() + u"/later.txt"_s));
    const std::atomic_bool stop = false;
    QVERIFY(performFileTool(root(), made, stop).failed);
}

void TestModelAgent::reads()
{
    put(u"a.txt"_s, "one\ntwo\nthree\n");
    QCOMPARE(perform(u"read_file"_s, {{u"path"_s, u"a.txt"_s}}).text, u"one\ntwo\nthree\n"_s);
    const QString second =
        perform(u"read_file"_s, {{u"path"_s, u"a.txt"_s}, {u"first_line"_s, 2}, {u"max_lines"_s, 1}}).text;
    QVERIFY2(second.startsWith(u"two\n("_s) && second.contains(u"first_line 3"_s), qPrintable(second));
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"a.txt"_s}, {u"first_line"_s, 9}})
                .text.contains(u"ends before"));
    put(u"empty.txt"_s, {});
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"empty.txt"_s}}).text.contains(u"empty"));
    put(u"long.txt"_s, QByteArray(200'000, 'x') + '\n');
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"long.txt"_s}}).text.size() < 70'000);
    put(u"binary"_s, "\xff\xfe\x00x"_ba);
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"binary"_s}}).failed);
    QVERIFY(perform(u"read_file"_s, {{u"path"_s, u"none"_s}}).failed);
}

void TestModelAgent::lists()
{
    put(u"b.txt"_s, "x");
    put(u"a/one/two/three.txt"_s, "x");
    put(u".git/config"_s, "x");
    QCOMPARE(perform(u"list_files"_s, {}).text, u"b.txt\n.git/\na/\na/one/\na/one/two/"_s);
    QCOMPARE(perform(u"list_files"_s, {{u"path"_s, u"a"_s}, {u"depth"_s, 9}}).text,
             u"a/one/\na/one/two/\na/one/two/three.txt"_s);
    QVERIFY(perform(u"list_files"_s, {{u"path"_s, u"b.txt"_s}}).failed);
    for (int i = 0; i < 1100; ++i)
        put(u"many/%1"_s.arg(i), {});
    QVERIFY(perform(u"list_files"_s, {{u"path"_s, u"many"_s}}).text.endsWith(u"there is more)"_s));
}

void TestModelAgent::searches()
{
    put(u"a.cpp"_s, "int Needle;\n// needle (.*)\n");
    put(u"sub/b.txt"_s, "a needle\n");
    put(u".env"_s, "needle=1\n");
    put(u"key.pem"_s, "needle\n");
    put(u"bin"_s, "\xff needle");
    QCOMPARE(perform(u"search"_s, {{u"text"_s, u"needle"_s}}).text,
             u"a.cpp:2: // needle (.*)\nsub/b.txt:1: a needle"_s);
    QCOMPARE(
        perform(u"search"_s, {{u"text"_s, u"NEEDLE"_s}, {u"ignore_case"_s, true}, {u"name"_s, u"*.cpp"_s}})
            .text,
        u"a.cpp:1: int Needle;\na.cpp:2: // needle (.*)"_s);
    QCOMPARE(perform(u"search"_s, {{u"text"_s, u"(.*)"_s}}).text, u"a.cpp:2: // needle (.*)"_s);
    QCOMPARE(perform(u"search"_s, {{u"text"_s, u"needle"_s}, {u"path"_s, u"sub"_s}}).text,
             u"sub/b.txt:1: a needle"_s);
    QVERIFY(perform(u"search"_s, {{u"text"_s, u"hay"_s}}).text.contains(u"nothing found"));
    put(u"many.txt"_s, QByteArray("needle\n").repeated(500));
    QVERIFY(perform(u"search"_s, {{u"text"_s, u"needle"_s}}).text.contains(u"not everything"));
}

void TestModelAgent::aSearchCanBeEnded()
{
    put(u"a.txt"_s, "needle\n");
    const std::atomic_bool stop = true;
    const ToolAnswer answer = performFileTool(root(), plan(u"search"_s, {{u"text"_s, u"needle"_s}}), stop);
    QVERIFY(answer.text.contains(u"not everything"));
}

void TestModelAgent::writes()
{
    const QJsonObject input{{u"path"_s, u"new/a.txt"_s}, {u"content"_s, u"grün\n"_s}};
    const ToolPlan made = plan(u"write_file"_s, input);
    QVERIFY(made.edit && !made.edit->existed);
    QCOMPARE(made.edit->after, u"grün\n"_s);
    QVERIFY(!QFile::exists(root() + u"/new"_s)); // planned, not done
    QVERIFY(!perform(u"write_file"_s, input).failed);
    QCOMPARE(content(u"new/a.txt"_s), "grün\n"_ba);
    QCOMPARE(plan(u"write_file"_s, input).edit->before, u"grün\n"_s);
}

void TestModelAgent::edits()
{
    put(u"a.txt"_s, "one two two\n");
    const auto edit = [&](const QString &from, const QString &to) {
        return perform(u"edit_file"_s, {{u"path"_s, u"a.txt"_s}, {u"old_text"_s, from}, {u"new_text"_s, to}});
    };
    QVERIFY(edit(u"two"_s, u"2"_s).text.contains(u"occurs 2 times"));
    QVERIFY(edit(u"three"_s, u"3"_s).text.contains(u"does not occur"));
    QVERIFY(edit({}, u"3"_s).failed);
    QCOMPARE(content(u"a.txt"_s), "one two two\n"_ba);
    QVERIFY(!edit(u"one "_s, {}).failed);
    QCOMPARE(content(u"a.txt"_s), "two two\n"_ba);
}

void TestModelAgent::aFileThatChangedIsLeftAlone()
{
    const std::atomic_bool stop = false;
    put(u"a.txt"_s, "one\n");
    const ToolPlan over = plan(u"write_file"_s, {{u"path"_s, u"a.txt"_s}, {u"content"_s, u"mine\n"_s}});
    const ToolPlan fresh = plan(u"write_file"_s, {{u"path"_s, u"b.txt"_s}, {u"content"_s, u"mine\n"_s}});
    put(u"a.txt"_s, "theirs\n");
    put(u"b.txt"_s, "theirs\n");
    QVERIFY(performFileTool(root(), over, stop).failed);
    QVERIFY(performFileTool(root(), fresh, stop).failed);
    QCOMPARE(content(u"a.txt"_s), "theirs\n"_ba);
    QCOMPARE(content(u"b.txt"_s), "theirs\n"_ba);
}

void TestModelAgent::commands_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("output");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("output") << u"echo out; echo err >&2"_s << u"out\nerr\n"_s << 0;
    QTest::newRow("fails") << u"exit 3"_s << QString() << 3;
    QTest::newRow("no input") << u"cat; echo done"_s << u"done\n"_s << 0;
    QTest::newRow("kills itself") << u"kill -KILL $$"_s << QString() << -1;
    QTest::newRow("leaves one behind") << u"tail -f /dev/null & echo went on"_s << u"went on\n"_s << 0;
}

void TestModelAgent::commands()
{
    QFETCH(QString, command);
    QFETCH(QString, output);
    QFETCH(int, exitCode);
    CommandRun run;
    const auto result = finished(run.start(command, root(), 60s));
    run.stop(); // ends what was left behind
    QVERIFY(result);
    QCOMPARE(result->output, output);
    QCOMPARE(result->exitCode, exitCode);
    QVERIFY(!result->timedOut && !result->stopped);
}

void TestModelAgent::longOutputKeepsBothEnds()
{
    CommandRun run;
    const auto result = finished(run.start(u"echo first; yes | head -c 3000000; echo last"_s, root(), 60s));
    QVERIFY(result);
    QVERIFY(result->output.startsWith(u"first\n"_s));
    QVERIFY(result->output.endsWith(u"last\n"_s));
    QVERIFY(result->output.contains(u"bytes left out"_s));
    QVERIFY(result->output.size() < 70'000);
}

void TestModelAgent::aCommandThatDoesNotListenIsEnded()
{
    for (const bool byLimit : {true, false}) {
        CommandRun run;
        const auto future = run.start(u"trap '' TERM; touch started; while :; do tail -f /dev/null; done"_s,
                                      root(), byLimit ? 1s : 600s);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(root() + u"/started"_s), patience);
        if (!byLimit)
            run.stop();
        const auto result = finished(future);
        QVERIFY(result);
        QCOMPARE(result->timedOut, byLimit);
        QCOMPARE(result->stopped, !byLimit);
        QCOMPARE(result->exitCode, -1);
        QVERIFY(QFile::remove(root() + u"/started"_s));
    }
}

void TestModelAgent::conversationsComeBack()
{
    const ConversationStore store(m_folder->path() + u"/state"_s);
    auto made = store.create(conversation());
    QVERIFY(made);
    made->turns = 2;
    made->messages = {{.role = ModelRole::Person, .parts = {{.text = u"grün"_s}}},
                      {.role = ModelRole::Model,
                       .parts = {{.kind = ModelPartKind::Thinking, .raw = {{u"sealed"_s, u"x"_s}}}}}};
    QVERIFY(store.save(*made));
    const auto back = store.load(made->id);
    QVERIFY(back);
    QCOMPARE(back->folder, root());
    QCOMPARE(back->api, u"chat"_s);
    QCOMPARE(back->turns, 2);
    QVERIFY(back->messages == made->messages);
    const QFileInfo file(m_folder->path() + u"/state/"_s + made->id + u".json"_s);
    QCOMPARE(file.permissions() & (QFile::ReadOther | QFile::ReadGroup), QFile::Permissions());
}

void TestModelAgent::openCallsAreClosed()
{
    const ConversationStore store(m_folder->path() + u"/state"_s);
    auto made = store.create(conversation());
    QVERIFY(made);
    const auto call = [](const QString &id) {
        return ModelPart{.kind = ModelPartKind::ToolCall, .callId = id, .tool = u"t"_s};
    };
    made->messages = {{.role = ModelRole::Model, .parts = {call(u"1"_s), call(u"2"_s)}}};
    QVERIFY(store.save(*made));
    auto back = store.load(made->id);
    QVERIFY(back);
    QCOMPARE(back->messages.size(), size_t{2});
    QCOMPARE(back->messages.back().parts.size(), size_t{2});
    QVERIFY(back->messages.back().parts.front().failed);
    // One has its result, and nothing is said twice.
    back->messages.back().parts.pop_back();
    closeOpenCalls(back->messages, u"again"_s);
    closeOpenCalls(back->messages, u"and again"_s);
    QCOMPARE(back->messages.back().parts.size(), size_t{2});
}

void TestModelAgent::promptsAreOneText()
{
    const QJsonArray blocks{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u"Do it."_s}},
                            QJsonObject{{u"type"_s, u"resource"_s},
                                        {u"resource"_s, QJsonObject{{u"uri"_s, u"muster://profile/x"_s},
                                                                    {u"text"_s, u"Be kind."_s}}}},
                            QJsonObject{{u"type"_s, u"resource_link"_s}, {u"uri"_s, u"file:///tmp/a%20b"_s}},
                            QJsonObject{{u"type"_s, u"image"_s}}};
    QCOMPARE(promptText(blocks), u"<context uri=\"muster://profile/x\">\nBe kind.\n</context>\n\n"
                                 "Attached file: /tmp/a b\n\nDo it."_s);
}

QTEST_GUILESS_MAIN(TestModelAgent)
#include "tst_model_agent.moc"
