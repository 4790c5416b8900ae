#include "app/demo_agent/reading/inventory.h"

#include "app/demo_agent/reading/purpose.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

void count(Inventory &inventory, const FileFacts &facts)
{
    inventory.bytes += facts.bytes;
    inventory.binaryFiles += facts.binary ? 1 : 0;
    inventory.largeFiles += facts.tooLarge && !facts.binary ? 1 : 0;
    inventory.unreadableFiles += facts.unreadable ? 1 : 0;
    inventory.unknownFiles +=
        facts.language == nullptr && !facts.binary && !facts.foreign && !facts.unreadable ? 1 : 0;
    if (facts.foreign) {
        inventory.foreignFiles += facts.binary ? 0 : 1;
        return;
    }
    ++inventory.files;
    inventory.lines += facts.counts.lines;
    inventory.tests += facts.tests;
    inventory.testFiles += facts.testFile ? 1 : 0;
    inventory.todos += static_cast<int>(facts.counts.notes.size());
}

std::vector<LanguageTotal> languageTotals(const Repository &repository)
{
    std::vector<LanguageTotal> totals;
    for (const FileFacts &facts : repository.files) {
        if (facts.language == nullptr || facts.foreign)
            continue;
        auto found = std::ranges::find(totals, facts.language, &LanguageTotal::language);
        if (found == totals.end())
            found = totals.insert(totals.end(), LanguageTotal{.language = facts.language});
        ++found->files;
        found->lines += facts.counts.lines;
        found->code += facts.counts.code;
        found->comments += facts.counts.comments;
        found->bytes += facts.bytes;
    }
    std::ranges::sort(totals, [](const LanguageTotal &a, const LanguageTotal &b) {
        return std::tuple(a.language->kind, -a.code, -a.files, std::string_view(a.language->name)) <
               std::tuple(b.language->kind, -b.code, -b.files, std::string_view(b.language->name));
    });
    return totals;
}

QString kindName(LanguageKind kind)
{
    switch (kind) {
    case LanguageKind::Code:
        return u"code"_s;
    case LanguageKind::Markup:
        return u"markup"_s;
    case LanguageKind::Data:
        return u"data"_s;
    case LanguageKind::Prose:
        break;
    }
    return u"prose"_s;
}

QJsonArray languagesJson(const Inventory &inventory)
{
    QJsonArray list;
    for (const LanguageTotal &total : inventory.languages)
        list.append(QJsonObject{{u"name"_s, QString::fromLatin1(total.language->name)},
                                {u"kind"_s, kindName(total.language->kind)},
                                {u"files"_s, total.files},
                                {u"lines"_s, total.lines},
                                {u"code"_s, total.code},
                                {u"comments"_s, total.comments}});
    return list;
}

QJsonArray modulesJson(const Inventory &inventory)
{
    QJsonArray list;
    for (std::size_t i = 0; i < inventory.modules.modules.size(); ++i) {
        const Module &module = inventory.modules.modules[i];
        list.append(QJsonObject{{u"name"_s, module.name},
                                {u"path"_s, module.path},
                                {u"files"_s, module.files},
                                {u"lines"_s, module.lines},
                                {u"language"_s, module.language},
                                {u"tests"_s, module.tests},
                                {u"purpose"_s, inventory.purposes[i]}});
    }
    return list;
}

QJsonArray buildsJson(const Inventory &inventory)
{
    QJsonArray list;
    for (const BuildSystem &build : inventory.project.builds)
        list.append(QJsonObject{{u"name"_s, build.name},
                                {u"file"_s, build.file},
                                {u"build"_s, QJsonArray::fromStringList(build.build)},
                                {u"test"_s, QJsonArray::fromStringList(build.test)}});
    return list;
}

} // namespace

Inventory takeInventory(const Repository &repository)
{
    Inventory inventory;
    inventory.project = readProject(repository);
    for (const FileFacts &facts : repository.files)
        count(inventory, facts);
    inventory.links = repository.links;
    inventory.nested = repository.nested;
    inventory.oddNames = repository.oddNames;
    inventory.languages = languageTotals(repository);
    inventory.modules = findModules(repository);
    for (const Module &module : inventory.modules.modules)
        inventory.purposes.push_back(purposeOf(repository, module).text);
    return inventory;
}

QString mainLanguage(const Inventory &inventory)
{
    if (inventory.languages.empty() || inventory.languages.front().language->kind != LanguageKind::Code)
        return {};
    return QString::fromLatin1(inventory.languages.front().language->name);
}

QJsonObject toJson(const Inventory &inventory)
{
    return {{u"name"_s, inventory.project.title},
            {u"purpose"_s, inventory.project.purpose},
            {u"languages"_s, languagesJson(inventory)},
            {u"files"_s, inventory.files},
            {u"lines"_s, inventory.lines},
            {u"bytes"_s, inventory.bytes},
            {u"tests"_s, inventory.tests},
            {u"test_files"_s, inventory.testFiles},
            {u"modules"_s, modulesJson(inventory)},
            {u"modules_left_out"_s, inventory.modules.leftOut},
            {u"build"_s, buildsJson(inventory)},
            {u"docs"_s, QJsonArray::fromStringList(inventory.project.docs)},
            {u"licence"_s, inventory.project.licence},
            {u"todos"_s, inventory.todos},
            {u"third_party_files"_s, inventory.foreignFiles},
            {u"binary_files"_s, inventory.binaryFiles}};
}

} // namespace muster::demo
