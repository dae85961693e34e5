//! Whose process is at the other end of a connection: the Runtime API is for the function, not for every user of the
//! machine, who could take events with their cookies, and answer them.

use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::MetadataExt as _;

/// Linux's tables of connections, IPv4 and IPv6. A socket for both protocols is in the second one.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
/// A table that changes while it is read may lack a line.
const TRIES: usize = 10;
const ROOT: u32 = 0;

/// The owner of a socket; without an inode nobody has it open any more.
#[derive(Debug, PartialEq, Eq)]
struct Owner {
    uid: u32,
    inode: u64,
}

/// Whether the client of a connection over the loopback interface is a process of this user, or of root, who may do
/// everything anyway. It is taken for one where the system has no tables, elsewhere than on Linux; not where the tables have
/// no such connection, because it may have been closed to hide whose it was.
pub(super) async fn is_ours(client: SocketAddr, server: SocketAddr) -> bool {
    let Ok(own) = std::fs::metadata("/proc/self") else { return true };
    let mut has_tables = false;
    for _ in 0..TRIES {
        for table in TABLES {
            let Ok(table) = tokio::fs::read_to_string(table).await else { continue };
            has_tables = true;
            if let Some(owner) = owner(&table, client, server) {
                return may_use(&owner, own.uid());
            }
        }
    }
    !has_tables
}

fn may_use(owner: &Owner, own: u32) -> bool {
    owner.inode != 0 && [own, ROOT].contains(&owner.uid)
}

/// Finds the client's end of a connection in a table.
fn owner(table: &str, client: SocketAddr, server: SocketAddr) -> Option<Owner> {
    let (client, server) = (end(client)?, end(server)?);
    table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let is_it = fields.next()?.ends_with(&client) && fields.next()?.ends_with(&server);
        // Then state, queues, timer, retransmits; uid, timeout, inode.
        let uid = fields.nth(4).filter(|_| is_it)?.parse().ok()?;
        Some(Owner { uid, inode: fields.nth(1)?.parse().ok()? })
    })
}

/// Writes an IPv4 address and port as the tables have them; there an IPv6 one that stands for it ends likewise.
fn end(address: SocketAddr) -> Option<String> {
    match address.ip() {
        IpAddr::V4(ip) => Some(format!("{:08X}:{:04X}", u32::from_ne_bytes(ip.octets()), address.port())),
        IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn tables() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
            0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0\n   \
            1: 0100007F:0BB8 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 12 1 0 20 4 30 10 -1\n   \
            2: 0100007F:C001 0100007F:0BB8 01 00000000:00000000 00:00000000 00000000  1001        0 13 1 0 20 4 30 10 -1\n   \
            3: 0100007F:C002 0100007F:0BB8 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0\n   \
            4: 0000000000000000FFFF00000100007F:C003 0000000000000000FFFF00000100007F:0BB8 01 0:0 00:0 0 1002 0 14 1 0\n";
        let server = SocketAddr::from(([127, 0, 0, 1], 3000));
        let owner = |port| owner(table, SocketAddr::from(([127, 0, 0, 1], port)), server);
        let some = |uid, inode| Some(Owner { uid, inode });
        assert_eq!(owner(0xc001), some(1001, 13));
        assert_eq!(owner(0xc002), some(0, 0));
        assert_eq!(owner(0xc003), some(1002, 14));
        assert_eq!(owner(0xc004), None);
        assert_eq!(owner(0x0bb8), None);
    }

    #[test]
    fn users() {
        for (uid, inode, may) in
            [(1000, 5, true), (1001, 5, false), (0, 5, true), (0, 0, false), (1000, 0, false)]
        {
            assert_eq!(may_use(&Owner { uid, inode }, 1000), may, "{uid} {inode}");
        }
    }

    #[tokio::test]
    async fn an_own_connection() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (client, server) = (stream.local_addr().unwrap(), listener.local_addr().unwrap());
        let table = std::fs::read_to_string(TABLES[0]).unwrap_or_default();
        if cfg!(target_os = "linux") {
            let owner = owner(&table, client, server).unwrap();
            assert_eq!(owner.uid, std::fs::metadata("/proc/self").unwrap().uid());
        }
        assert!(is_ours(client, server).await);
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(is_ours(nobody, server).await, !cfg!(target_os = "linux"));
    }
}
