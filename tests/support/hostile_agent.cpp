// An agent that greets well (or not even that) and then misbehaves, for tests of a whole node. It stands in
// the place of the demo agent: without a file `hostile.mode` in its folder it becomes the real one, which
// lies beside it as muster-demo-agent.real. Plain C++; speaks just enough of the Agent Client Protocol.
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

void send(const std::string &text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void sendLine(const std::string &text)
{
    send(text + '\n');
    std::fflush(stdout);
}

void sendMany(char byte, std::size_t count)
{
    const std::string block(mebibyte, byte);
    for (std::size_t sent = 0; sent < count; sent += block.size())
        send(block);
}

std::string update(const std::string &text)
{
    return R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":)"
           R"("agent_message_chunk","content":{"type":"text","text":")" +
           text + R"("}}}})";
}

void answer(const std::string &id, const std::string &result)
{
    sendLine(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + '}');
}

[[noreturn]] void becomeTheRealOne(char **arguments)
{
    char self[PATH_MAX]{};
    if (readlink("/proc/self/exe", self, sizeof self - 1) <= 0)
        std::_Exit(70);
    const std::string real = std::string(self) + ".real";
    execv(real.c_str(), arguments);
    std::_Exit(71);
}

[[noreturn]] void fallSilent()
{
    while (true)
        pause();
}

void flood(std::size_t events)
{
    const std::string line = update("x") + '\n';
    for (std::size_t i = 0; i < events; ++i)
        send(line);
}

void floodOfTools(std::size_t events)
{
    for (std::size_t i = 0; i < events; ++i)
        send(
            R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":)"
            R"("tool_call","toolCallId":"t)" +
            std::to_string(i) + R"(","title":"look","kind":"read","status":"completed"}}})" + '\n');
}

void garbage()
{
    unsigned state = 1;
    std::string noise(mebibyte, '\0');
    for (char &byte : noise) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    send(noise);
    send("\n{}\n[]\n42\n\"text\"\nnull\n{\"jsonrpc\":\"2.0\"}\n{\"id\":{}}\n");
}

// What comes instead of an answer, or before it.
void misbehave(const std::string &mode)
{
    if (mode == "big_text") {
        send(update("").substr(0, update("").size() - 5));
        sendMany('x', 200 * mebibyte);
        sendLine("\"}}}}");
    } else if (mode == "big_line") {
        sendMany('a', 200 * mebibyte);
        sendLine("");
    } else if (mode == "unended_line") {
        sendMany('a', 200 * mebibyte);
        std::fflush(stdout);
        std::_Exit(0);
    } else if (mode == "bad_utf8") {
        sendLine(update("bad \xff\xfe\xc0\xaf text \xed\xa0\x80"));
    } else if (mode == "garbage") {
        garbage();
    } else if (mode == "truncated") {
        send(update("half a message").substr(0, 60));
        std::fflush(stdout);
        std::_Exit(0);
    } else if (mode == "flood") {
        flood(1'000'000);
    } else if (mode == "flood_of_tools") {
        floodOfTools(100'000);
    } else if (mode == "flood_of_text") {
        const std::string line = update(std::string(4096, 'y')) + '\n';
        for (int i = 0; i < 50'000; ++i) // 200 MiB
            send(line);
    } else if (mode == "deep") {
        sendLine(R"({"jsonrpc":"2.0","method":"session/update","params":)" + std::string(200'000, '[') +
                 std::string(200'000, ']') + '}');
    } else if (mode == "stderr_flood") {
        const std::string block(mebibyte, 'e');
        for (int i = 0; i < 200; ++i)
            std::fwrite(block.data(), 1, block.size(), stderr);
    } else if (mode == "silent") {
        fallSilent();
    } else if (mode == "killed") {
        std::raise(SIGKILL);
    }
    std::fflush(stdout);
}

// The value of "id" as it was written; ids are numbers or texts here.
std::string idOf(const std::string &line)
{
    const std::size_t at = line.find("\"id\":");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + 5;
    return line.substr(begin, line.find_first_of(",}", begin) - begin);
}

void serve(const std::string &mode)
{
    for (std::string line; std::getline(std::cin, line);) {
        const std::string id = idOf(line);
        const auto asks = [&](std::string_view method) {
            return line.find("\"" + std::string(method) + "\"") != std::string::npos;
        };
        if (asks("initialize")) {
            if (mode == "no_handshake")
                fallSilent();
            if (mode == "exit_in_handshake")
                std::_Exit(3);
            if (mode == "garbage_in_handshake")
                garbage();
            if (mode == "big_handshake")
                sendMany('h', 200 * mebibyte);
            answer(id, R"({"protocolVersion":1,"agentCapabilities":{},"authMethods":[]})");
        } else if (asks("session/new")) {
            answer(id, R"({"sessionId":"s"})");
        } else if (asks("session/prompt")) {
            misbehave(mode);
            answer(id, R"({"stopReason":"end_turn"})");
        }
    }
}

} // namespace

int main(int, char **arguments)
{
    std::ifstream file("hostile.mode");
    std::string mode;
    if (!(file >> mode))
        becomeTheRealOne(arguments);
    serve(mode);
    return 0;
}
