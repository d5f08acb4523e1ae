"""A peer for the tests of the sd-bus wrapper: the part of systemd1 and login1 that the agent calls, on a private bus.

Arguments: a file that every call is appended to; "login1" to have that name as well; "denied" to refuse a reboot.
Unit names steer it: fail.service fails its job, slow.service never ends it, denied.service and ask.service are refused,
absent.service is unknown.
"""
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

MANAGER = "org.freedesktop.systemd1.Manager"
LOG = sys.argv[1]


def log(text):
    with open(LOG, "a", encoding="utf-8") as file:
        file.write(text + "\n")


class NamedError(dbus.DBusException):
    def __init__(self, name, text):
        super().__init__(text)
        self._dbus_error_name = name


class Manager(dbus.service.Object):
    jobs = 0
    subscribed = False

    @dbus.service.method(MANAGER, out_signature="a(ssssssouso)")
    def ListUnits(self):
        log("ListUnits")
        return [
            (name, "what " + name + " is for", load, active, sub, "", "/org/freedesktop/systemd1/unit/x", 0, "", "/")
            for name, load, active, sub in [
                ("ssh.service", "loaded", "active", "running"),
                ("caf\u00e9.service", "loaded", "failed", "failed"),
                ("ghost.service", "not-found", "inactive", "dead"),
            ]
        ]

    @dbus.service.method(MANAGER)
    def Subscribe(self):
        self.subscribed = True

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o")
    def RestartUnit(self, unit, mode):
        log(f"RestartUnit {unit} {mode}")
        if unit == "absent.service":
            raise NamedError("org.freedesktop.systemd1.NoSuchUnit", "Unit absent.service not found.")
        if unit == "denied.service":
            raise NamedError("org.freedesktop.DBus.Error.AccessDenied", "Access denied")
        if unit == "ask.service":
            raise NamedError("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "Interactive authentication required.")
        self.jobs += 1
        number = self.jobs
        path = f"/org/freedesktop/systemd1/job/{number}"
        # Another job that ends first must not be taken for this one.
        GLib.timeout_add(20, self.finish, 9999, "/org/freedesktop/systemd1/job/9999", unit, "canceled")
        if unit != "slow.service":
            GLib.timeout_add(60, self.finish, number, path, unit, "failed" if unit == "fail.service" else "done")
        return dbus.ObjectPath(path)

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o")
    def StartUnit(self, unit, mode):
        log(f"StartUnit {unit} {mode}")
        return dbus.ObjectPath("/org/freedesktop/systemd1/job/1")

    def finish(self, number, path, unit, result):
        if self.subscribed:
            self.JobRemoved(number, dbus.ObjectPath(path), unit, result)
        return False

    @dbus.service.signal(MANAGER, signature="uoss")
    def JobRemoved(self, number, path, unit, result):
        pass


class Login(dbus.service.Object):
    @dbus.service.method("org.freedesktop.login1.Manager", in_signature="b")
    def Reboot(self, interactive):
        log(f"Reboot {bool(interactive)}")
        if "denied" in sys.argv[2:]:
            raise NamedError("org.freedesktop.DBus.Error.AccessDenied", "Permission denied")


DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()
names = [dbus.service.BusName("org.freedesktop.systemd1", bus)]
peers = [Manager(bus, "/org/freedesktop/systemd1")]
if "login1" in sys.argv[2:]:
    names.append(dbus.service.BusName("org.freedesktop.login1", bus))
    peers.append(Login(bus, "/org/freedesktop/login1"))
log("ready")
GLib.MainLoop().run()
