// Commands about the set-up: trust, config, doctor.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/base/json_codec.h"
#include "core/node/api/value_fields.h"
#include "core/viewmodel/describe.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printSetting(const api::SettingInfo &setting)
{
    Cli::print(u"%1 = %2   (%3%4)"_s.arg(setting.key, setting.value.toVariant().toString(), setting.origin,
                                         setting.range.isEmpty() ? QString() : u", "_s + setting.range));
    Cli::print(u"    "_s + QCoreApplication::translate("Settings", qPrintable(setting.help)));
}

// All settings, or the one with this key.
void showSettings(Cli &cli, const QString &key)
{
    const QString project = cli.options().project.isEmpty() ? QString() : cli.project();
    cli.node().query(api::ListSettings{.project = project}, &cli,
                     [&cli, key](const Result<std::vector<api::SettingInfo>> &settings) {
        if (!settings) {
            cli.fail(settings.error());
            return;
        }
        QJsonArray array;
        for (const api::SettingInfo &setting : *settings) {
            if (!key.isEmpty() && setting.key != key)
                continue;
            array.append(toJsonObject(setting));
            if (!cli.options().json)
                printSetting(setting);
        }
        if (!key.isEmpty() && array.isEmpty()) {
            cli.fail({.code = ErrorCode::NotFound, .detail = key, .where = u"setting"_s});
            return;
        }
        if (cli.options().json)
            Cli::printJson(key.isEmpty() ? QJsonValue(array) : array.first());
        cli.finish(ExitSuccess);
    });
}

void setSetting(Cli &cli, const QString &key, const QJsonValue &value)
{
    cli.node().submit(api::SetSetting{.key = key, .value = value}, &cli,
                      [&cli, key](const Result<api::CommandDone> &done) {
        if (!done)
            cli.fail(done.error());
        else if (cli.options().json)
            showSettings(cli, key);
        else
            cli.finish(ExitSuccess);
    });
}

void printCheck(const api::CheckItem &item)
{
    const QString sign = item.state == u"ok" ? u"✓"_s : item.state == u"warning" ? u"!"_s : u"✗"_s;
    Cli::print(u"%1 %2  %3"_s.arg(sign, item.name.leftJustified(20), item.detail));
    if (!item.advice.isEmpty())
        Cli::print(QString(24, u' ') + describeAdvice(item.advice));
}

QJsonObject checkJson(const api::CheckItem &item)
{
    QJsonObject json = toJsonObject(item);
    json.insert(u"text"_s, describeAdvice(item.advice));
    return json;
}

} // namespace

void startTrustCommand(Cli &cli, const TrustOptions &options)
{
    const api::TrustProject trust{.path = QFileInfo(options.dir).absoluteFilePath(),
                                  .trusted = !options.revoke};
    cli.node().submit(trust, &cli, [&cli, revoked = options.revoke](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"project"_s, done->text}, {u"trusted"_s, !revoked}});
        else
            Cli::print((revoked ? Cli::tr("%1 is not trusted any more.")
                                : Cli::tr("%1 is trusted until its flows, profiles or gates change."))
                           .arg(done->text));
        cli.finish(ExitSuccess);
    });
}

void startConfigCommand(Cli &cli, const ConfigOptions &options)
{
    using Action = ConfigOptions::Action;
    if (options.action == Action::Set || options.action == Action::Unset) {
        setSetting(cli, options.key,
                   options.action == Action::Set ? QJsonValue(options.value) : QJsonValue(QJsonValue::Null));
        return;
    }
    showSettings(cli, options.key);
}

namespace {

// The largest are told; the rest is the sum's.
constexpr qsizetype tablesTold = 5;

api::CheckItem sizeCheck(const std::vector<api::TableSize> &tables)
{
    qint64 all = 0;
    QStringList largest;
    for (const api::TableSize &table : tables) {
        all += table.bytes;
        if (largest.size() < tablesTold)
            largest += u"%1 %2"_s.arg(table.name, describeBytes(table.bytes));
    }
    return {.name = u"store size"_s,
            .state = u"ok"_s,
            .detail = u"%1: %2"_s.arg(describeBytes(all), largest.join(u", "_s))};
}

QJsonObject sizeJson(const api::CheckItem &item, const std::vector<api::TableSize> &tables)
{
    QJsonObject json = checkJson(item);
    QJsonArray array;
    for (const api::TableSize &table : tables)
        array.append(toJsonObject(table));
    json.insert(u"tables"_s, array);
    return json;
}

// What the checks found, and then what takes how much of the store.
void finishDoctor(Cli &cli, const std::vector<api::CheckItem> &items)
{
    cli.node().query(api::ListTableSizes{}, &cli,
                     [&cli, items](const Result<std::vector<api::TableSize>> &tables) {
        if (!tables) {
            cli.fail(tables.error());
            return;
        }
        const api::CheckItem size = sizeCheck(*tables);
        if (cli.options().json) {
            QJsonArray array = jsonList(items, checkJson);
            array.append(sizeJson(size, *tables));
            Cli::printJson(array);
        } else {
            for (const api::CheckItem &item : items)
                printCheck(item);
            printCheck(size);
        }
        const bool problem = std::ranges::contains(items, u"problem"_s, &api::CheckItem::state);
        cli.finish(problem ? ExitFailed : ExitSuccess);
    });
}

} // namespace

void startDoctorCommand(Cli &cli, const DoctorOptions &)
{
    cli.node().query(api::RunDoctor{.project = cli.project()}, &cli,
                     [&cli](const Result<std::vector<api::CheckItem>> &items) {
        if (items)
            finishDoctor(cli, *items);
        else
            cli.fail(items.error());
    });
}

} // namespace muster::app
