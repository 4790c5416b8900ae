#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/reading/inventory.h"

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString moduleList(const Inventory &inventory)
{
    QString text;
    for (std::size_t i = 0; i < inventory.modules.modules.size(); ++i) {
        const Module &module = inventory.modules.modules[i];
        text += u"- "_s + code(module.path) + u" ("_s + counted(module.files, u"file"_s) + u", "_s +
                counted(module.lines, u"line"_s);
        if (!module.language.isEmpty())
            text += u", "_s + module.language;
        text += u")"_s +
                (inventory.purposes[i].isEmpty() ? QString() : QString(u": "_s + inventory.purposes[i])) +
                u'\n';
    }
    if (inventory.modules.leftOut > 0)
        text += u"- and "_s + counted(inventory.modules.leftOut, u"smaller part"_s) + u" not listed\n"_s;
    return text;
}

QString commandBlock(const QStringList &commands)
{
    return commands.isEmpty() ? QString() : QString(u"\n```sh\n"_s + commands.join(u'\n') + u"\n```\n"_s);
}

} // namespace

QString languageTable(const Inventory &inventory)
{
    QString table =
        u"| language | files | lines | code | comments |\n| --- | ---: | ---: | ---: | ---: |\n"_s;
    for (const LanguageTotal &total : inventory.languages)
        table += u"| "_s + QLatin1StringView(total.language->name) + u" | "_s + number(total.files) +
                 u" | "_s + number(total.lines) + u" | "_s + number(total.code) + u" | "_s +
                 number(total.comments) + u" |\n"_s;
    return table;
}

QString buildText(const Inventory &inventory)
{
    if (inventory.project.builds.empty())
        return u"No file that says how it is built was found at the top.\n"_s;
    QString text;
    for (const BuildSystem &build : inventory.project.builds) {
        const QString where = build.file.contains(u' ') ? build.file : code(build.file);
        text += u"**"_s + build.name + u"** ("_s + where + u')';
        const QStringList commands = build.build + build.test;
        text += commands.isEmpty() ? u".\n"_s : QString(u":\n"_s + commandBlock(commands) + u'\n');
    }
    if (!inventory.project.ci.isEmpty()) {
        QStringList files;
        for (const QString &file : inventory.project.ci)
            files.append(code(file));
        text += u"Continuous integration: "_s + listedUpTo(files, 3) + u".\n"_s;
    }
    return text;
}

QString sizeSentence(const Inventory &inventory)
{
    QString text = counted(inventory.files, u"file"_s) + u" with "_s + counted(inventory.lines, u"line"_s) +
                   u" of text"_s;
    const QString main = mainLanguage(inventory);
    int code = 0;
    for (const LanguageTotal &total : inventory.languages)
        code += total.language->kind == LanguageKind::Code ? total.code : 0;
    if (!main.isEmpty() && code > 0) {
        const int share = static_cast<int>((100LL * inventory.languages.front().code + code / 2) / code);
        text += u", "_s + counted(code, u"line"_s) + u" of it code ("_s +
                (share > 99 ? QString(u"all "_s + main) : QString(number(share) + u" % "_s + main)) + u')';
    }
    return text + u'.';
}

QString testSentence(const Inventory &inventory)
{
    if (inventory.tests == 0 && inventory.testFiles == 0)
        return u"No tests were found."_s;
    if (inventory.testFiles == 0)
        return counted(inventory.tests, u"test"_s) + u" beside the code."_s;
    return counted(inventory.tests, u"test"_s) + u" in "_s + counted(inventory.testFiles, u"test file"_s) +
           u'.';
}

QString gapSentence(const Inventory &inventory)
{
    QStringList gaps;
    const auto note = [&](int n, const QString &one, const QString &many) {
        if (n > 0)
            gaps.append(counted(n, one, many));
    };
    note(inventory.foreignFiles, u"third-party, generated or lock file"_s,
         u"third-party, generated or lock files"_s);
    note(inventory.binaryFiles, u"binary file"_s, u"binary files"_s);
    note(inventory.largeFiles, u"file above "_s + byteSize(maxReadBytes),
         u"files above "_s + byteSize(maxReadBytes));
    note(inventory.unknownFiles, u"text file in no known language"_s, u"text files in no known language"_s);
    note(inventory.unreadableFiles, u"file that may not be read"_s, u"files that may not be read"_s);
    note(inventory.links, u"symbolic link"_s, u"symbolic links"_s);
    note(inventory.nested, u"repository inside it"_s, u"repositories inside it"_s);
    note(inventory.oddNames, u"file whose name is no UTF-8"_s, u"files whose names are no UTF-8"_s);
    return gaps.isEmpty() ? QString() : QString(u"Not counted or not read: "_s + listed(gaps) + u'.');
}

QString describe(const Inventory &inventory, const Repository &repository)
{
    const Project &project = inventory.project;
    QString text = u"**"_s + project.title + u"**"_s +
                   (project.purpose.isEmpty() ? QString() : QString(u" — "_s + project.purpose)) + u"\n\n"_s;
    text += sizeSentence(inventory) + u' ' + testSentence(inventory);
    text += project.licence.isEmpty() ? u" No licence was found."_s
                                      : QString(u" Licence: "_s + project.licence + u'.');
    if (inventory.todos > 0)
        text += u' ' + counted(inventory.todos, u"open note"_s) + u" (TODO, FIXME and the like)."_s;
    if (!repository.git)
        text += u" It is not a git repository."_s;
    text += u"\n\n"_s + languageTable(inventory) + u"\n**Parts**\n\n"_s + moduleList(inventory) +
            u"\n**Build and test**\n\n"_s + buildText(inventory);
    const QString gaps = gapSentence(inventory);
    return gaps.isEmpty() ? text : QString(text + u'\n' + gaps + u'\n');
}

} // namespace muster::demo
