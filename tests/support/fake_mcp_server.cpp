// A server of the Model Context Protocol with the tools `env` (the value of a variable of its own, spelt
// backwards, so that what is masked elsewhere can be compared) and `args` (its arguments).
#include "core/protocol/mcp/mcp_server.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

using namespace muster;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    McpServer server(
        [](const QByteArray &line) {
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
        std::fflush(stdout);
    },
        QJsonArray{
            QJsonObject{{u"name"_s, u"env"_s}, {u"inputSchema"_s, QJsonObject{{u"type"_s, u"object"_s}}}},
            QJsonObject{{u"name"_s, u"args"_s}, {u"inputSchema"_s, QJsonObject{{u"type"_s, u"object"_s}}}}},
        u"A fixture."_s, [&](const QString &tool, const QJsonObject &given, const McpServer::Answer &answer) {
        QString value = qEnvironmentVariable(qPrintable(given.value(u"name"_s).toString()));
        std::ranges::reverse(value);
        answer({.value = {{u"said"_s, tool == u"env"_s ? value : arguments.join(u' ')}}});
    });
    std::string line;
    while (std::getline(std::cin, line))
        server.receive(QByteArray::fromStdString(line + '\n'));
    return 0;
}
