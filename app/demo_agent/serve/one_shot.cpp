#include "app/demo_agent/serve/one_shot.h"

#include "app/demo_agent/answer/performer.h"

#include <QCommandLineParser>
#include <QDir>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// Nothing is streamed; what would be asked is answered by --yes.
class QuietPort final : public TurnPort {
public:
    explicit QuietPort(bool yes)
        : m_yes(yes)
    {
    }
    [[nodiscard]] QString sessionId() const override { return {}; }
    [[nodiscard]] bool stopped() const override { return false; }
    void ignoreStop() override {}
    void rest(int) override {}
    void update(const QJsonObject &) override {}
    void raw(const QByteArray &) override {}
    void flush() override {}
    [[nodiscard]] Permission ask(const QJsonObject &) override
    {
        return m_yes ? Permission::Allowed : Permission::Rejected;
    }

private:
    bool m_yes;
};

} // namespace

int runOneShot(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Without arguments it speaks the Agent Client Protocol on standard input and output."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({u"ask"_s, u"Answer one prompt and end."_s, u"text"_s});
    parser.addOption({u"in"_s, u"The folder to work in; the current one if not given."_s, u"folder"_s,
                      QDir::currentPath()});
    parser.addOption({u"yes"_s, u"Allow what the agent asks for."_s});
    parser.process(QStringList{u"muster-demo-agent"_s} + arguments);
    if (!parser.isSet(u"ask"_s)) {
        std::fputs(qPrintable(parser.helpText()), stderr);
        return 2;
    }
    QuietPort port(parser.isSet(u"yes"_s));
    Narrator narrator(port, {.chunk = 1024, .ms = 0}, u"0"_s);
    Standing standing;
    const Prompt prompt{.texts = {parser.value(u"ask"_s)}, .context = {}, .links = {}};
    const QString root = QFileInfo(parser.value(u"in"_s)).canonicalFilePath();
    const QString answer = Performer(root, narrator, standing).perform(parseIntent(prompt), prompt);
    std::fputs(qPrintable(QString(answer + u'\n')), stdout);
    return 0;
}

} // namespace muster::demo
